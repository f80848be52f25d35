import type { EventId } from '../identifiers/brand.ts';
import type { CommonChain } from './common-chain.ts';
import type { Conflict } from './conflict.ts';
import type { ResolutionRoom } from './resolution-input.ts';
import type { StepCounter, Steps } from './steps.ts';

/**
 * Auth difference: the events that are in the full auth chain of some, but not of all states. A full auth
 * chain here holds the events of the state besides what they rest on; so unconflicted events are never in
 * the difference (SR2-4 says why). Source: rooms/v2.md, "Definitions".
 *
 * The common chain is in every full chain, with all that it rests on. So the walk down from the conflicted
 * events ends where it meets that chain, and what it passed on the way is counted by state.
 */
export function* authDifference(
  { entries }: Conflict,
  common: CommonChain,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<Set<EventId>> {
  const states: EventId[][] = [];
  for (const [, , entry] of entries) {
    if (counter.pauses()) yield;
    for (const [at, eventId] of entry.entries()) {
      const state = (states[at] ??= []);
      if (eventId !== undefined) state.push(eventId);
    }
  }
  const region = yield* walkToCommonChain(states.flat(), common, room, counter);
  const reachedBy = new Map<EventId, number>();
  for (const state of states) {
    for (const eventId of yield* chainWithin(region, state, counter)) {
      reachedBy.set(eventId, (reachedBy.get(eventId) ?? 0) + 1);
    }
  }
  const difference = new Set<EventId>();
  for (const [eventId, count] of reachedBy) {
    if (counter.pauses()) yield;
    if (count < states.length) difference.add(eventId);
  }
  return difference;
}

type Region = ReadonlyMap<EventId, readonly EventId[]>;

/** The held events between the conflicted ones and the common chain, each with its auth events. */
function* walkToCommonChain(
  conflicted: readonly EventId[],
  common: CommonChain,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<Region> {
  const region = new Map<EventId, readonly EventId[]>();
  const passed = new Set<EventId>();
  const open = [...conflicted];
  for (let eventId = open.pop(); eventId !== undefined; eventId = open.pop()) {
    if (counter.pauses()) yield;
    if (passed.has(eventId)) continue;
    passed.add(eventId);
    const event = room.event(eventId);
    if (event === undefined || (yield* common.has(eventId))) continue;
    region.set(eventId, event.authEvents);
    open.push(...event.authEvents);
  }
  return region;
}

/** Those events of a region that a state holds or rests on. */
function* chainWithin(
  region: Region,
  state: readonly EventId[],
  counter: StepCounter,
): Steps<Set<EventId>> {
  const chain = new Set<EventId>();
  const open = [...state];
  for (let eventId = open.pop(); eventId !== undefined; eventId = open.pop()) {
    if (counter.pauses()) yield;
    const authEvents = chain.has(eventId) ? undefined : region.get(eventId);
    if (authEvents === undefined) continue;
    chain.add(eventId);
    open.push(...authEvents);
  }
  return chain;
}
