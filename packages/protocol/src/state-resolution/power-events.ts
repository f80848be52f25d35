import type { RoomEvent } from '../events/room-event.ts';
import { member } from '../json/value.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { HeldSet } from './held-set.ts';
import { drainInSteps, eachInSteps, type StepCounter, type Steps } from './steps.ts';

/** An event that might take somebody's ability to do something. Source: rooms/v2.md, "Definitions". */
export function isPowerEvent({ type, stateKey, sender, content }: RoomEvent): boolean {
  switch (type) {
    case 'm.room.power_levels':
    case 'm.room.join_rules':
      return stateKey === '';
    case 'm.room.member': {
      const membership = member(content, 'membership');
      return (membership === 'leave' || membership === 'ban') && sender !== stateKey;
    }
    default:
      return false;
  }
}

/**
 * The power events of the full conflicted set with what they rest on inside of that set.
 * Source: rooms/v2.md, "Algorithm", step 1.
 */
export function* selectPowerEvents(
  full: HeldSet,
  events: HeldEvents,
  counter: StepCounter,
): Steps<HeldSet> {
  const selected = new HeldSet();
  const open: HeldEvent[] = [];
  const enter = (held: HeldEvent): void => {
    if (full.has(held) && selected.add(held)) open.push(held);
  };
  yield* eachInSteps(full.list, counter, (held) => {
    if (isPowerEvent(held.event)) enter(held);
  });
  yield* drainInSteps(open, counter, (held) => {
    for (const authEvent of events.authEventsOf(held)) enter(authEvent);
  });
  return selected;
}
