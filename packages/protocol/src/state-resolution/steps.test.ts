import { describe, expect, it } from 'vitest';
import { drainInSteps, eachInSteps, StepCounter, STEPS_A_PAUSE, type Steps } from './steps.ts';

const ITEMS = Array.from({ length: 1_000 }, (_, at) => at);
const PAUSES = Math.floor(ITEMS.length / STEPS_A_PAUSE);

describe('[SR-9] work in steps', () => {
  it('visits each item once, with a pause every so many', () => {
    const visited: number[] = [];
    const steps = eachInSteps(ITEMS, new StepCounter(), (item) => visited.push(item));
    expect(countPauses(steps)).toBe(PAUSES);
    expect(visited).toEqual(ITEMS);
  });

  it('drains a list that grows, with a pause every so many', () => {
    const visited: number[] = [];
    const open = [0];
    const steps = drainInSteps(open, new StepCounter(), (item) => {
      visited.push(item);
      if (item + 1 < ITEMS.length) open.push(item + 1);
    });
    expect(countPauses(steps)).toBe(PAUSES);
    expect(visited).toEqual(ITEMS);
  });

  it('pauses earlier when a visit counts more', () => {
    const counter = new StepCounter();
    const steps = eachInSteps(ITEMS, counter, () => counter.count(3));
    expect(countPauses(steps)).toBe(Math.floor((ITEMS.length * 4) / STEPS_A_PAUSE));
  });
});

function countPauses(steps: Steps<void>): number {
  let pauses = 0;
  while (steps.next().done !== true) pauses += 1;
  return pauses;
}
