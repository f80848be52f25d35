import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyParameters } from '../testing/runs.ts';
import { Heap } from './heap.ts';
import { sortInSteps } from './sort-in-steps.ts';
import { complete, StepCounter } from './steps.ts';

const byValue = (a: number, b: number): number => a - b;

describe('order', () => {
  it('a heap hands out the smallest of what it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: 'pop' as const })), (actions) => {
        const heap = new Heap(byValue);
        const popped: (number | undefined)[] = [];
        const expected: (number | undefined)[] = [];
        let held: number[] = [];
        for (const action of actions) {
          if (action === 'pop') {
            held = held.toSorted(byValue);
            expected.push(held.shift());
            popped.push(heap.pop());
          } else {
            heap.push(action);
            held.push(action);
          }
        }
        expect(popped).toEqual(expected);
      }),
      propertyParameters(),
    );
  });

  it('sorting in steps is sorting, and stable', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 300 }), (values) => {
        const items = values.map((value, at) => ({ value, at }));
        const compare = (a: { value: number }, b: { value: number }) => a.value - b.value;
        expect(complete(sortInSteps(items, compare, new StepCounter()))).toEqual(
          items.toSorted(compare),
        );
      }),
      propertyParameters(),
    );
  });
});
