import { describe, expect, it } from 'vitest';
import { addTallies, formatTally, judgeSuite } from './tally.ts';

describe('the count of a suite', () => {
  it.each([
    ['3 passed, 0 failed', 0, { passed: 3, failed: 0, skipped: 0 }],
    ['talk\n\n3 passed, 1 failed, 2 skipped\n', 1, { passed: 3, failed: 1, skipped: 2 }],
    // It failed without a failed test: the exit code is believed.
    ['3 passed, 0 failed', 1, { passed: 3, failed: 1, skipped: 0 }],
    // It ended before its closing line.
    ['3 passed, 0 failed\nand then it crashed', 0, { passed: 0, failed: 1, skipped: 0 }],
    ['', 0, { passed: 0, failed: 1, skipped: 0 }],
  ])('of %j with exit code %i', (output, code, tally) => {
    expect(judgeSuite(output, code)).toEqual(tally);
  });

  it('adds up and is written as it is read', () => {
    const total = addTallies([
      { passed: 1, failed: 2, skipped: 3 },
      { passed: 10, failed: 20, skipped: 30 },
    ]);
    expect(formatTally(total)).toBe('11 passed, 22 failed, 33 skipped');
    expect(judgeSuite(formatTally(total), 1)).toEqual(total);
    expect(formatTally({ passed: 1, failed: 0, skipped: 0 })).toBe('1 passed, 0 failed');
  });
});
