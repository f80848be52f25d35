import { VirtualEffects } from '@hansa/testkit';
import { describe, expect, it } from 'vitest';
import type { Target } from './endpoint.ts';
import { orderTargets } from './order-targets.ts';

const { random } = new VirtualEffects();
const target = (host: string, priority: number, weight: number): Target => {
  return { host, port: 1, priority, weight };
};
const ordered = (targets: readonly Target[], fraction?: number) =>
  orderTargets(targets, fraction === undefined ? random : { fraction: () => fraction }).map(
    ({ host }) => host,
  );

/** How often each comes first in so many draws. */
function firsts(targets: readonly Target[], draws: number): Record<string, number> {
  const counts = new Map<string, number>();
  for (let draw = 0; draw < draws; draw += 1) {
    const [first = ''] = ordered(targets);
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

describe('targets', () => {
  it('are tried by priority, whatever their weight', () => {
    const targets = [target('c', 30, 100), target('a', 1, 0), target('b', 2, 50)];
    for (const fraction of [0, 0.5, 0.999]) {
      expect(ordered(targets, fraction)).toEqual(['a', 'b', 'c']);
    }
  });

  it('come first as often as they weigh', () => {
    const { heavy = 0, light = 0 } = firsts([target('light', 0, 1), target('heavy', 0, 3)], 4_000);
    // One draw in five is 0, and falls to whoever stands first: RFC 2782 counts from 0 to the sum of the weights.
    expect(light / 4_000).toBeCloseTo(2 / 5, 1);
    expect(heavy / 4_000).toBeCloseTo(3 / 5, 1);
  });

  it('come first now and then without any weight', () => {
    const { none = 0 } = firsts([target('some', 0, 9), target('none', 0, 0)], 4_000);
    expect(none / 4_000).toBeCloseTo(0.1, 1);
    expect(none).toBeGreaterThan(0);
  });

  it('are all there, each once', () => {
    const targets = Array.from({ length: 10 }, (_, at) => target(`${at}`, at % 3, at % 4));
    for (let draw = 0; draw < 100; draw += 1) {
      expect(ordered(targets).toSorted()).toEqual(targets.map(({ host }) => host));
    }
  });
});
