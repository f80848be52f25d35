import type { EventId } from '../identifiers/brand.ts';
import { floorByOrder, NO_FLOOR } from './conflicted-subgraph.ts';
import { type Conflict, findConflict } from './conflict.ts';
import type { Surroundings } from './full-conflicted-set.ts';
import { HeldEvents } from './held-events.ts';
import type { AuthGraph, ResolutionRoom, StateDifference } from './resolution-input.ts';
import { resolveV1 } from './resolve-v1.ts';
import { resolveV2 } from './resolve-v2.ts';
import { SearchedCommonChain } from './search-common-chain.ts';
import { splitStates } from './split-states.ts';
import { StateMap } from './state-map.ts';
import { done, StepCounter, type Steps } from './steps.ts';
import { walkCommonChain } from './walk-common-chain.ts';

/**
 * Resolves whole states by the room version's algorithm. Costs by the size of the states and of their
 * auth chains. One state resolves to itself, none to the empty state.
 */
export function* resolve(
  states: readonly StateMap<EventId>[],
  room: ResolutionRoom,
): Steps<StateMap<EventId>> {
  const counter = new StepCounter();
  const events = new HeldEvents(room);
  const split = yield* splitStates(states, counter);
  const unconflicted: Conflict['unconflicted'] = (type, stateKey) =>
    split.unconflicted.get(type, stateKey);
  const conflict = yield* findConflict(split.conflicted, unconflicted, events, counter);
  const surroundings: Surroundings = {
    common: yield* walkCommonChain(split.unconflicted, room, counter),
    floor: () => done(NO_FLOOR),
  };
  const resolved = yield* resolveConflict(conflict, surroundings, events, counter);
  yield* addAccepted(resolved, split.unconflicted, room, counter);
  return resolved;
}

/**
 * Resolves what states differ in, at a cost by the difference. The result has the resolved event of
 * each key of `difference.entries`, and rarely of a key that no state has; **a key of `entries` that
 * is not in the result is not in the resolved state**. All other keys stay as they are.
 */
export function* resolveDifference(
  difference: StateDifference,
  room: ResolutionRoom & AuthGraph,
): Steps<StateMap<EventId>> {
  const counter = new StepCounter();
  const events = new HeldEvents(room);
  const unconflicted: Conflict['unconflicted'] = (type, stateKey) =>
    difference.unconflicted(type, stateKey);
  const conflict = yield* findConflict(difference.entries, unconflicted, events, counter);
  const surroundings: Surroundings = {
    common: new SearchedCommonChain(conflict, room, events, counter),
    floor: (conflicted) => floorByOrder(conflicted, room, counter),
  };
  const resolved = yield* resolveConflict(conflict, surroundings, events, counter);
  yield* addAccepted(resolved, conflict.agreed, room, counter);
  return resolved;
}

/** The events that resolution decided, without those of keys that are unconflicted. */
function* resolveConflict(
  conflict: Conflict,
  surroundings: Surroundings,
  events: HeldEvents,
  counter: StepCounter,
): Steps<StateMap<EventId>> {
  const decided = new StateMap<EventId>();
  if (conflict.byKey.length === 0) return decided;
  const resolved =
    events.rules.stateResolution === 'v1'
      ? yield* resolveV1(conflict, events, counter)
      : yield* resolveV2(conflict, surroundings, events, counter);
  for (const [type, stateKey, held] of resolved) {
    if (counter.pauses()) yield;
    if (conflict.conflicted.has(held) || conflict.unconflicted(type, stateKey) === undefined) {
      decided.set(type, stateKey, held.event.eventId);
    }
  }
  return decided;
}

/** Adds what the states agree on, except what was rejected: that never comes out. */
function* addAccepted(
  decided: StateMap<EventId>,
  agreed: StateMap<EventId>,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<void> {
  for (const [type, stateKey, eventId] of agreed) {
    if (counter.pauses()) yield;
    if (!room.rejected(eventId)) decided.set(type, stateKey, eventId);
  }
}
