import type { RoomEvent } from '../events/room-event.ts';
import type { EventId } from '../identifiers/brand.ts';
import { member } from '../json/value.ts';
import type { StepCounter, Steps } from './steps.ts';

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
 * The power events of the full conflicted set with what they rest on inside of that set; for each event its auth
 * events among them. Source: rooms/v2.md, "Algorithm", step 1.
 */
export function* selectPowerEvents(
  full: ReadonlyMap<EventId, RoomEvent>,
  counter: StepCounter,
): Steps<Map<RoomEvent, RoomEvent[]>> {
  const open: RoomEvent[] = [];
  for (const event of full.values()) {
    if (counter.pauses()) yield;
    if (isPowerEvent(event)) open.push(event);
  }
  const selected = new Map<RoomEvent, RoomEvent[]>();
  for (let event = open.pop(); event !== undefined; event = open.pop()) {
    if (counter.pauses()) yield;
    if (selected.has(event)) continue;
    const inside = event.authEvents
      .map((eventId) => full.get(eventId))
      .filter((authEvent) => authEvent !== undefined);
    selected.set(event, inside);
    open.push(...inside);
  }
  return selected;
}
