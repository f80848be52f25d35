import { describe, expect, it } from 'vitest';
import { nextTurn } from './next-turn.ts';
import { advance, begin, formatProgress, type Progress } from './progress.ts';

function property(name: string, cases: number, goal: number, failed = false): Progress {
  return begin('a.test.ts', { name, cases, goal, failed }, 1);
}

describe('the next turn', () => {
  it('is of whose goal is nearest, for its share of both lanes', () => {
    const [far, near] = [property('far', 10, 10_000), property('near', 500, 10_000)];
    expect(nextTurn([far, near], 0, 102)).toEqual({ of: near, seconds: 100 });
    expect(nextTurn([far, near], 2, 102)).toEqual({ of: near, seconds: 49 });
  });

  it('is of those that had fewer turns, however near the others are', () => {
    const far = property('far', 10, 10_000);
    const near = advance(property('near', 500, 600), { ...far, cases: 99 }, 1);
    expect(nextTurn([near, far], 0, 102)?.of).toBe(far);
  });

  it('is of nobody who has reached the goal or failed, nor counts them in the shares', () => {
    const [done, failed] = [property('done', 120, 100), property('failed', 3, 100, true)];
    const going = property('going', 20, 100);
    expect(nextTurn([done, failed], 0, 102)).toBeUndefined();
    expect(nextTurn([done, failed, going, going], 2, 102)).toEqual({ of: going, seconds: 49 });
  });

  it('ends in time, and is over after minutes where no time is set', () => {
    const going = property('going', 0, 100);
    expect(nextTurn([going], 0, 2.9)).toBeUndefined();
    expect(nextTurn([going], 0, 30)?.seconds).toBe(28);
    expect(nextTurn([going], 0, Infinity)?.seconds).toBe(300);
  });
});

it('adds up what the turns of a property did', () => {
  const first = property('a', 100, 10_000);
  const second = advance(first, { name: 'a', cases: 8_020, goal: 9_900, failed: false }, 10);
  const third = advance(second, { name: 'a', cases: 1, goal: 1_880, failed: true }, 10);
  expect([second, third].map(formatProgress)).toEqual([
    'a: 8,120 of 10,000',
    'a: 8,121 of 10,000, FAILED',
  ]);
});
