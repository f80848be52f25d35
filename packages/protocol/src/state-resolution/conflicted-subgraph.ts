import type { EventId } from '../identifiers/brand.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { HeldSet } from './held-set.ts';
import type { AuthGraph } from './resolution-input.ts';
import { drainInSteps, eachInSteps, type StepCounter, type Steps } from './steps.ts';

/** Says of an event that nothing conflicted is below it, so that a walk down may end there. */
export type Floor = (eventId: EventId) => boolean;

const NONE: readonly HeldEvent[] = [];

export const NO_FLOOR: Floor = () => false;

/**
 * A floor by order: below the lowest conflicted event that anything refers to. Mostly few conflicted
 * events are referred to at all, and none of them is old, so that the walk is short.
 */
export function* floorByOrder(
  conflicted: HeldSet,
  graph: AuthGraph,
  counter: StepCounter,
): Steps<Floor> {
  let lowest = Number.POSITIVE_INFINITY;
  yield* eachInSteps(conflicted.list, counter, ({ event: { eventId } }) => {
    const order = graph.order(eventId);
    if (order >= lowest) return;
    if (graph.referrers(eventId, Number.POSITIVE_INFINITY, 1).length > 0) lowest = order;
  });
  return (eventId) => graph.order(eventId) <= lowest;
}

/**
 * Conflicted state subgraph: the events on the paths that lead down from one conflicted event to another,
 * both ends included; single conflicted events may be missing. Source: rooms/v12.md, "Definitions".
 */
export function* conflictedSubgraph(
  conflicted: HeldSet,
  floor: Floor,
  events: HeldEvents,
  counter: StepCounter,
): Steps<HeldSet> {
  const referrers = yield* walkDown(conflicted, floor, events, counter);
  const subgraph = new HeldSet();
  const open = [...conflicted.list];
  yield* drainInSteps(open, counter, (held) => {
    subgraph.addTo(open, referrers.get(held) ?? NONE);
  });
  return subgraph;
}

/** What is below the conflicted events, each event with those that lead down to it. */
function* walkDown(
  conflicted: HeldSet,
  floor: Floor,
  events: HeldEvents,
  counter: StepCounter,
): Steps<Map<HeldEvent, HeldEvent[]>> {
  const referrers = new Map<HeldEvent, HeldEvent[]>();
  const walked = new HeldSet();
  const open: HeldEvent[] = [];
  walked.addTo(open, conflicted.list);
  yield* drainInSteps(open, counter, (held) => {
    // Looking into a conflicted event costs no more than asking.
    if (!conflicted.has(held) && floor(held.event.eventId)) return;
    const authEvents = events.authEventsOf(held);
    for (const authEvent of authEvents) {
      const above = referrers.get(authEvent);
      if (above === undefined) referrers.set(authEvent, [held]);
      else above.push(held);
    }
    walked.addTo(open, authEvents);
  });
  return referrers;
}
