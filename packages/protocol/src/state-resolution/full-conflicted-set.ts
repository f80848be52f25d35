import { authDifference } from './auth-difference.ts';
import type { CommonChain } from './common-chain.ts';
import type { Conflict } from './conflict.ts';
import { conflictedSubgraph, type Floor } from './conflicted-subgraph.ts';
import type { HeldEvents } from './held-events.ts';
import { HeldSet } from './held-set.ts';
import { eachInSteps, type StepCounter, type Steps } from './steps.ts';

/** What resolution v2 and v2.1 need to know of the room besides the conflict itself. */
export interface Surroundings {
  readonly common: CommonChain;
  /** Where the conflicted subgraph ends; asked for in v2.1 only. */
  readonly floor: (conflicted: HeldSet) => Steps<Floor>;
}

/**
 * Full conflicted set: conflicted state set, auth difference and, in v2.1, conflicted state subgraph, as far as
 * the events are held. Source: rooms/v2.md and rooms/v12.md, "Definitions".
 */
export function* fullConflictedSet(
  conflict: Conflict,
  { common, floor }: Surroundings,
  events: HeldEvents,
  counter: StepCounter,
): Steps<HeldSet> {
  const { conflicted } = conflict;
  const parts = [conflicted.list];
  parts.push(yield* authDifference(conflict, common, events, counter));
  if (events.rules.stateResolution === 'v2.1') {
    const lowest = yield* floor(conflicted);
    parts.push((yield* conflictedSubgraph(conflicted, lowest, events, counter)).list);
  }
  const full = new HeldSet();
  for (const part of parts) {
    yield* eachInSteps(part, counter, (held) => {
      if (held.event.stateKey !== undefined) full.add(held);
    });
  }
  return full;
}
