import { createHash } from 'node:crypto';
import { checkStateRules } from '../auth/index.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { Conflict, Entry } from './conflict.ts';
import { type PartialState, unconflictedState } from './partial-state.ts';
import type { ResolutionRoom } from './resolution-input.ts';
import type { StateMap } from './state-map.ts';
import type { StepCounter, Steps } from './steps.ts';

/** Types whose conflicts are resolved first, one after the other, as all later decisions rest on them. */
const AUTH_TYPES = ['m.room.power_levels', 'm.room.join_rules', 'm.room.member'];

/**
 * State resolution of version 1, which is no longer used by any other. Only events that differ are a conflict here:
 * a key that some states lack is not. Source: rooms/v1.md, "State resolution".
 */
export function* resolveV1(
  conflict: Conflict,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<StateMap<RoomEvent>> {
  const state = unconflictedState(conflict, room);
  const conflicts = new Map(AUTH_TYPES.map((type) => [type, [] as RoomEvent[][]]));
  const others: RoomEvent[][] = [];
  for (const [type, , entry] of conflict.entries) {
    if (counter.pauses(entry.length)) yield;
    const events = orderedCandidates(entry, room);
    const [first] = events;
    if (events.length > 1) (conflicts.get(type) ?? others).push(events);
    else if (first !== undefined) setEvent(state, first);
  }
  for (const keys of conflicts.values()) {
    yield* resolveKeys(keys, resolveAuthKey, state, room, counter);
  }
  yield* resolveKeys(others, resolveOtherKey, state, room, counter);
  return state.resolved;
}

type ResolveKey = (
  events: readonly RoomEvent[],
  state: PartialState,
  room: ResolutionRoom,
) => RoomEvent | undefined;

/** Decides each key by the state before, so that the order of keys does not matter. */
function* resolveKeys(
  keys: readonly (readonly RoomEvent[])[],
  resolveKey: ResolveKey,
  state: PartialState,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<void> {
  const chosen: RoomEvent[] = [];
  for (const events of keys) {
    if (counter.pauses(events.length)) yield;
    const event = resolveKey(events, state, room);
    if (event !== undefined) chosen.push(event);
  }
  for (const event of chosen) setEvent(state, event);
}

/** Follows the list from the first event as long as each event allows the next. */
function resolveAuthKey(
  [first, ...rest]: readonly RoomEvent[],
  state: PartialState,
  room: ResolutionRoom,
): RoomEvent | undefined {
  let chosen = first;
  for (const event of rest) {
    const { ok } = checkStateRules(event, room.rules, (type, stateKey) =>
      type === chosen?.type && stateKey === chosen.stateKey ? chosen : state.get(type, stateKey),
    );
    if (!ok) break;
    chosen = event;
  }
  return chosen;
}

/** The last that the state allows; when it allows none, the first. */
function resolveOtherKey(
  events: readonly RoomEvent[],
  state: PartialState,
  room: ResolutionRoom,
): RoomEvent | undefined {
  const lookup = (type: string, stateKey: string) => state.get(type, stateKey);
  return events.findLast((event) => checkStateRules(event, room.rules, lookup).ok) ?? events[0];
}

/** Different events of a key that may come out, by rising depth and falling hash of their ids. */
function orderedCandidates(entry: Entry, room: ResolutionRoom): RoomEvent[] {
  return [...new Set(entry)]
    .filter((eventId) => eventId !== undefined)
    .filter((eventId) => !room.rejected(eventId))
    .map((eventId) => room.event(eventId))
    .filter((event) => event !== undefined)
    .filter((event) => event.stateKey !== undefined)
    .map((event) => ({ event, hash: sha1(event.eventId) }))
    .sort((a, b) => a.event.depth - b.event.depth || (a.hash < b.hash ? 1 : -1))
    .map(({ event }) => event);
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function setEvent(state: PartialState, event: RoomEvent): void {
  if (event.stateKey !== undefined) state.resolved.set(event.type, event.stateKey, event);
}
