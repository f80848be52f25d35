import type { RoomEvent } from '../events/room-event.ts';
import type { EventId } from '../identifiers/brand.ts';
import { floorByOrder, NO_FLOOR } from './conflicted-subgraph.ts';
import type { Conflict } from './conflict.ts';
import type { Surroundings } from './full-conflicted-set.ts';
import type { AuthGraph, ResolutionRoom, StateDifference } from './resolution-input.ts';
import { resolveV1 } from './resolve-v1.ts';
import { resolveV2 } from './resolve-v2.ts';
import { SearchedCommonChain } from './search-common-chain.ts';
import { splitEntries, splitStates } from './split-conflicted.ts';
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
  const { conflicted, unconflicted } = yield* splitStates(states, counter);
  const conflict: Conflict = {
    entries: conflicted,
    unconflicted: (type, stateKey) => unconflicted.get(type, stateKey),
  };
  const surroundings: Surroundings = {
    common: yield* walkCommonChain(unconflicted, room, counter),
    floor: () => done(NO_FLOOR),
  };
  const resolved = yield* resolveConflict(conflict, surroundings, room, counter);
  return yield* withAgreed(resolved, unconflicted, room, counter);
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
  const { conflicted, unconflicted: agreed } = yield* splitEntries(difference.entries, counter);
  const conflict: Conflict = {
    entries: conflicted,
    unconflicted: (type, stateKey) =>
      difference.entries.has(type, stateKey)
        ? agreed.get(type, stateKey)
        : difference.unconflicted(type, stateKey),
  };
  const surroundings: Surroundings = {
    common: new SearchedCommonChain(conflict, room, counter),
    floor: (ids) => floorByOrder(ids, room, counter),
  };
  const resolved = yield* resolveConflict(conflict, surroundings, room, counter);
  return yield* withAgreed(resolved, agreed, room, counter);
}

/** The events that resolution decided, without those of keys that are unconflicted. */
function* resolveConflict(
  conflict: Conflict,
  surroundings: Surroundings,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<StateMap<EventId>> {
  const decided = new StateMap<EventId>();
  if (conflict.entries.size === 0) return decided;
  const resolved: StateMap<RoomEvent> =
    room.rules.stateResolution === 'v1'
      ? yield* resolveV1(conflict, room, counter)
      : yield* resolveV2(conflict, surroundings, room, counter);
  for (const [type, stateKey, event] of resolved) {
    if (counter.pauses()) yield;
    if (conflict.unconflicted(type, stateKey) === undefined) {
      decided.set(type, stateKey, event.eventId);
    }
  }
  return decided;
}

/** Adds what the states agree on, except what was rejected: that never comes out. */
function* withAgreed(
  decided: StateMap<EventId>,
  agreed: StateMap<EventId>,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<StateMap<EventId>> {
  for (const [type, stateKey, eventId] of agreed) {
    if (counter.pauses()) yield;
    if (!room.rejected(eventId)) decided.set(type, stateKey, eventId);
  }
  return decided;
}
