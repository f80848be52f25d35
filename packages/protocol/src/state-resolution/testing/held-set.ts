import type { RoomBuilder } from '../../testing/room-builder.ts';
import type { HeldEvents } from '../held-events.ts';
import { HeldSet } from '../held-set.ts';

/** Some events of a room, by name. */
export function heldSet(room: RoomBuilder, events: HeldEvents, names: readonly string[]): HeldSet {
  const set = new HeldSet();
  for (const name of names) {
    const held = events.find(room.eventId(name));
    if (held === undefined) throw new RangeError(`${name} is not held`);
    set.add(held);
  }
  return set;
}
