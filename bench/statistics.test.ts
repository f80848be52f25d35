import { describe, expect, it } from 'vitest';
import { estimateMedian, median } from './statistics.ts';

describe('median', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('the interval of a median', () => {
  const noisy = Array.from({ length: 25 }, (_, index) => 100 + ((index * 7) % 25));

  it('holds the median, and is the same for the same seed', () => {
    const estimate = estimateMedian(noisy, 1);
    expect(estimate.median).toBe(112);
    expect(estimate.low).toBeLessThan(112);
    expect(estimate.high).toBeGreaterThan(112);
    expect(estimate.low).toBeGreaterThanOrEqual(104);
    expect(estimate.high).toBeLessThanOrEqual(120);
    expect(estimateMedian(noisy, 1)).toEqual(estimate);
  });

  it('has no width where nothing varies', () => {
    expect(estimateMedian([5, 5, 5, 5], 1)).toEqual({ median: 5, low: 5, high: 5 });
  });

  it('is wider for fewer values', () => {
    const few = estimateMedian(noisy.slice(0, 5), 1);
    const many = estimateMedian([...noisy, ...noisy, ...noisy, ...noisy], 1);
    expect(few.high - few.low).toBeGreaterThan(many.high - many.low);
  });
});
