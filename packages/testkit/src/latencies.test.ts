import { expect, it } from 'vitest';
import { Latencies } from './latencies.ts';

it('tells median and p99 by nearest rank, whichever the order', () => {
  const latencies = new Latencies();
  for (let n = 100; n >= 1; n -= 1) latencies.add(n);
  expect([latencies.quantile(0.5), latencies.quantile(0.99), latencies.quantile(1)]).toEqual([
    50, 99, 100,
  ]);
  expect(latencies.describe()).toBe('median 50.0 ms, p99 99.0 ms (100 messages)');
  expect(new Latencies().describe()).toBe('median 0.0 ms, p99 0.0 ms (0 messages)');
});
