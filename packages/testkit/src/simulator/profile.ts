import type { NetworkOdds } from './network/network-faults.ts';
import type { ServerFaults } from './servers/simulated-server.ts';
import type { Draws } from './world/draws.ts';

/**
 * What a seed is about. Each fault is there in some seeds and absent in others, as faults that are always there hide each
 * other's.
 */
export interface Profile {
  readonly servers: number;
  readonly peopleEach: number;
  readonly rooms: number;
  readonly deeds: number;
  /** Virtual time of the deeds. */
  readonly lengthMs: number;
  readonly odds: NetworkOdds;
  readonly faults: ServerFaults;
  readonly cuts: number;
  readonly crashes: number;
  readonly hasHostile: boolean;
}

export function drawProfile(draws: Draws): Profile {
  const now = draws.of('profile');
  const maybe = (value: number): number => (now.chance(0.5) ? value : 0);
  return {
    servers: now.pick([3, 3, 3, 4, 4, 5]),
    peopleEach: now.pick([1, 1, 2]),
    rooms: now.pick([1, 2, 2]),
    deeds: now.between(30, 60),
    lengthMs: now.pick([20_000, 60_000, 180_000]),
    odds: {
      requestLost: maybe(now.pick([0.02, 0.1])),
      answerLost: maybe(now.pick([0.02, 0.1])),
      duplicated: maybe(now.pick([0.05, 0.2])),
      slow: maybe(0.1),
      latencyMs: now.pick([2, 20, 100]),
      slowMs: now.pick([1_000, 10_000, 40_000]),
    },
    faults: {
      commitMs: now.pick([0, 2, 30, 300]),
      skewMs: maybe(60_000),
      tickMs: now.pick([0, 0.01, 1]),
      reverseUnorderedSelects: now.chance(0.5),
    },
    cuts: maybe(now.between(1, 6)),
    crashes: maybe(now.between(1, 5)),
    hasHostile: now.chance(1 / 3),
  };
}
