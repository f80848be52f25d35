import { compareCodePoints } from '../json/code-point-order.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { sortInSteps } from './sort-in-steps.ts';
import type { StepCounter, Steps } from './steps.ts';

interface Placed {
  readonly held: HeldEvent;
  /** Mainline position; `Infinity` where the event rests on nothing of the mainline. */
  readonly position: number;
}

/**
 * Mainline ordering based on a power levels event: events that rest on its older predecessors come first.
 * Source: rooms/v2.md, "Definitions".
 */
export function* sortByMainline(
  unsorted: readonly HeldEvent[],
  powerLevels: HeldEvent | undefined,
  events: HeldEvents,
  counter: StepCounter,
): Steps<HeldEvent[]> {
  const positions = yield* mainlinePositions(powerLevels, events, counter);
  const placed: Placed[] = [];
  for (const held of unsorted) {
    placed.push({ held, position: yield* positionOf(held, positions, events, counter) });
  }
  const sorted = yield* sortInSteps(placed, comparePlaced, counter);
  return sorted.map(({ held }) => held);
}

/** Of power levels events. */
type Positions = Map<HeldEvent, number>;

function* mainlinePositions(
  powerLevels: HeldEvent | undefined,
  events: HeldEvents,
  counter: StepCounter,
): Steps<Positions> {
  const positions: Positions = new Map();
  let held = powerLevels;
  while (held !== undefined && !positions.has(held)) {
    if (counter.pauses()) yield;
    positions.set(held, positions.size);
    held = events.authEventOf(held, 'm.room.power_levels', '');
  }
  return positions;
}

/** Adds to `positions` what it finds on its way, so that no power levels event is passed twice. */
function* positionOf(
  held: HeldEvent,
  positions: Positions,
  events: HeldEvents,
  counter: StepCounter,
): Steps<number> {
  const passed: HeldEvent[] = [];
  let position: number | undefined;
  let powerLevels: HeldEvent | undefined = held;
  while (position === undefined) {
    if (counter.pauses()) yield;
    powerLevels = events.authEventOf(powerLevels, 'm.room.power_levels', '');
    if (powerLevels === undefined) break;
    position = positions.get(powerLevels);
    if (position !== undefined) break;
    // For now; so that a circle ends.
    positions.set(powerLevels, Number.POSITIVE_INFINITY);
    passed.push(powerLevels);
  }
  position ??= Number.POSITIVE_INFINITY;
  for (const each of passed) positions.set(each, position);
  return position;
}

/** Greater position first, then the earlier, then the smaller event id. */
function comparePlaced(a: Placed, b: Placed): number {
  if (a.position !== b.position) return a.position > b.position ? -1 : 1;
  const [first, second] = [a.held.event, b.held.event];
  return (
    first.originServerTs - second.originServerTs || compareCodePoints(first.eventId, second.eventId)
  );
}
