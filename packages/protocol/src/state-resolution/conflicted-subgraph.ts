import type { EventId } from '../identifiers/brand.ts';
import type { AuthGraph, ResolutionRoom } from './resolution-input.ts';
import type { StepCounter, Steps } from './steps.ts';

/** Says of an event that nothing conflicted is below it, so that a walk down may end there. */
export type Floor = (eventId: EventId) => boolean;

export const NO_FLOOR: Floor = () => false;

/**
 * A floor by order: below the lowest conflicted event that anything refers to. Mostly few conflicted
 * events are referred to at all, and none of them is old, so that the walk is short.
 */
export function* floorByOrder(
  conflicted: Iterable<EventId>,
  graph: AuthGraph,
  counter: StepCounter,
): Steps<Floor> {
  let lowest = Number.POSITIVE_INFINITY;
  for (const eventId of conflicted) {
    if (counter.pauses()) yield;
    const order = graph.order(eventId);
    if (order >= lowest) continue;
    if (graph.referrers(eventId, Number.POSITIVE_INFINITY, 1).length > 0) lowest = order;
  }
  return (eventId) => graph.order(eventId) <= lowest;
}

/**
 * Conflicted state subgraph: the events on the paths that lead down from one conflicted event to another,
 * both ends included; single conflicted events may be missing. Source: rooms/v12.md, "Definitions".
 */
export function* conflictedSubgraph(
  conflicted: ReadonlySet<EventId>,
  floor: Floor,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<Set<EventId>> {
  const referrers = yield* walkDown(conflicted, floor, room, counter);
  const subgraph = new Set<EventId>();
  const open = [...conflicted];
  for (let eventId = open.pop(); eventId !== undefined; eventId = open.pop()) {
    if (counter.pauses()) yield;
    for (const referrer of referrers.get(eventId) ?? []) {
      if (subgraph.has(referrer)) continue;
      subgraph.add(referrer);
      open.push(referrer);
    }
  }
  return subgraph;
}

/** What is below the conflicted events, each event with those that lead down to it. */
function* walkDown(
  conflicted: ReadonlySet<EventId>,
  floor: Floor,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<Map<EventId, EventId[]>> {
  const referrers = new Map<EventId, EventId[]>();
  const open = [...conflicted];
  for (let eventId = open.pop(); eventId !== undefined; eventId = open.pop()) {
    if (counter.pauses()) yield;
    if (floor(eventId)) continue;
    for (const authEvent of room.event(eventId)?.authEvents ?? []) {
      const above = referrers.get(authEvent);
      if (above === undefined) {
        referrers.set(authEvent, [eventId]);
        // A conflicted event is in the walk from the start.
        if (!conflicted.has(authEvent)) open.push(authEvent);
      } else above.push(eventId);
    }
  }
  return referrers;
}
