import type { CommonChain } from './common-chain.ts';
import type { Conflict } from './conflict.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { HeldSet } from './held-set.ts';
import { drainInSteps, eachInSteps, type StepCounter, type Steps } from './steps.ts';

/**
 * Auth difference: the events that are in the full auth chain of some, but not of all states. A full auth
 * chain here holds the events of the state besides what they rest on; so unconflicted events are never in
 * the difference (SR2-4 says why). Source: rooms/v2.md, "Definitions".
 *
 * The common chain is in every full chain, with all that it rests on. So the walk down from the conflicted
 * events ends where it meets that chain, and what it passed on the way is counted by state.
 */
export function* authDifference(
  { conflicted, byState }: Conflict,
  common: CommonChain,
  events: HeldEvents,
  counter: StepCounter,
): Steps<HeldEvent[]> {
  const region = yield* walkToCommonChain(conflicted, common, events, counter);
  const reachedBy = new Uint32Array(events.size);
  for (const state of byState) {
    const chain = new HeldSet();
    const open: HeldEvent[] = [];
    const enter = (held: HeldEvent): void => {
      if (region.has(held) && chain.add(held)) open.push(held);
    };
    yield* eachInSteps(state, counter, enter);
    yield* drainInSteps(open, counter, (held) => {
      reachedBy[held.index] = (reachedBy[held.index] ?? 0) + 1;
      for (const authEvent of events.authEventsOf(held)) enter(authEvent);
    });
  }
  return region.list.filter(({ index }) => reachedBy[index] !== byState.length);
}

/** What is between the conflicted events and the common chain. */
function* walkToCommonChain(
  conflicted: HeldSet,
  common: CommonChain,
  events: HeldEvents,
  counter: StepCounter,
): Steps<HeldSet> {
  const region = new HeldSet();
  const passed = new HeldSet();
  const open: HeldEvent[] = [];
  passed.addTo(open, conflicted.list);
  for (let held = open.pop(); held !== undefined; held = open.pop()) {
    if (counter.pauses()) yield;
    if (common.look(held) ?? (yield* common.finish())) continue;
    region.add(held);
    passed.addTo(open, events.authEventsOf(held));
  }
  return region;
}
