import type { RoomEvent } from '../events/room-event.ts';
import type { EventId } from '../identifiers/brand.ts';
import { compareCodePoints } from '../json/code-point-order.ts';
import { authEventOf } from './auth-event-of.ts';
import type { ResolutionRoom } from './resolution-input.ts';
import { sortInSteps } from './sort-in-steps.ts';
import type { StepCounter, Steps } from './steps.ts';

interface Placed {
  readonly event: RoomEvent;
  /** Mainline position; `Infinity` where the event rests on nothing of the mainline. */
  readonly position: number;
}

/**
 * Mainline ordering based on a power levels event: events that rest on its older predecessors come first.
 * Source: rooms/v2.md, "Definitions".
 */
export function* sortByMainline(
  events: readonly RoomEvent[],
  powerLevels: RoomEvent | undefined,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<RoomEvent[]> {
  const positions = yield* mainlinePositions(powerLevels, room, counter);
  const placed: Placed[] = [];
  for (const event of events) {
    placed.push({ event, position: yield* positionOf(event, positions, room, counter) });
  }
  const sorted = yield* sortInSteps(placed, comparePlaced, counter);
  return sorted.map(({ event }) => event);
}

function* mainlinePositions(
  powerLevels: RoomEvent | undefined,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<Map<EventId, number>> {
  const positions = new Map<EventId, number>();
  let event = powerLevels;
  while (event !== undefined && !positions.has(event.eventId)) {
    if (counter.pauses()) yield;
    positions.set(event.eventId, positions.size);
    event = authEventOf(event, 'm.room.power_levels', '', room);
  }
  return positions;
}

/** Adds to `positions` what it finds on its way, so that no power levels event is passed twice. */
function* positionOf(
  event: RoomEvent,
  positions: Map<EventId, number>,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<number> {
  const passed = new Set<EventId>();
  let position: number | undefined;
  let powerLevels: RoomEvent | undefined = event;
  while (position === undefined) {
    if (counter.pauses()) yield;
    powerLevels = authEventOf(powerLevels, 'm.room.power_levels', '', room);
    if (powerLevels === undefined || passed.has(powerLevels.eventId)) {
      position = Number.POSITIVE_INFINITY;
      break;
    }
    position = positions.get(powerLevels.eventId);
    passed.add(powerLevels.eventId);
  }
  for (const eventId of passed) positions.set(eventId, position);
  return position;
}

/** Greater position first, then the earlier, then the smaller event id. */
function comparePlaced(a: Placed, b: Placed): number {
  if (a.position !== b.position) return a.position > b.position ? -1 : 1;
  return (
    a.event.originServerTs - b.event.originServerTs ||
    compareCodePoints(a.event.eventId, b.event.eventId)
  );
}
