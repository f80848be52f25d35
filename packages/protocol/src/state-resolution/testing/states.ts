import type { EventId } from '../../identifiers/brand.ts';
import type { RoomBuilder } from '../../testing/room-builder.ts';
import { StateMap } from '../state-map.ts';

/** Event after which the standard room stands. */
const STANDARD = 'e8';

/** The state of the standard room with some more events, by name. */
export function stateWith(room: RoomBuilder, ...names: readonly string[]): StateMap<EventId> {
  const state = new StateMap<EventId>();
  for (const [type, stateKey, { eventId }] of room.stateAfter(STANDARD)) {
    state.set(type, stateKey, eventId);
  }
  for (const name of names) {
    const { type, stateKey, eventId } = room.event(name);
    if (stateKey === undefined) throw new RangeError(`${name} is no state event`);
    state.set(type, stateKey, eventId);
  }
  return state;
}
