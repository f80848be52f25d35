import { describe, expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';

describe('back-off', () => {
  it.each([
    [1, 0, 1_000],
    [1, 0.5, 1_500],
    [2, 0.5, 2_500],
    [5, 0, 1_000],
    [11, 0.5, 1_024_500],
    [12, 0.5, 1_800_500],
    [1_000_000, 0.5, 1_800_500],
  ])('after %i failures, drawing %f, waits %i ms', (failures, fraction, delayMs) => {
    expect(backOffMs(failures, fraction)).toBe(delayMs);
  });

  it('never waits under a second or over an hour', () => {
    const waits = Array.from({ length: 64 }, (_, index) => [
      backOffMs(index, 0),
      backOffMs(index, 0.999_999_999),
    ]).flat();
    expect(Math.min(...waits)).toBe(1_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_600_000);
  });
});
