import type { RoomEvent } from '../events/room-event.ts';

/**
 * State that an event is judged by: the event at (type, state key), if there is one. In room version 12 it
 * must answer for `m.room.create` as well, though no event names that one among its auth events.
 */
export type StateLookup = (type: string, stateKey: string) => RoomEvent | undefined;
