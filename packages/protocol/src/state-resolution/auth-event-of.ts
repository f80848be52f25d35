import type { RoomEvent } from '../events/room-event.ts';
import type { EventId, RoomId } from '../identifiers/brand.ts';
import type { ResolutionRoom } from './resolution-input.ts';

/**
 * The event of a key among an event's own `auth_events`, so far as it is held. In version 12 the create event
 * is implied by the room id.
 */
export function authEventOf(
  { authEvents, roomId }: RoomEvent,
  type: string,
  stateKey: string,
  room: ResolutionRoom,
): RoomEvent | undefined {
  if (type === 'm.room.create' && room.rules.roomIdFormat === 'create-event-hash') {
    return room.event(impliedCreateEvent(roomId));
  }
  for (const id of authEvents) {
    const event = room.event(id);
    if (event?.type === type && event.stateKey === stateKey) return event;
  }
  return undefined;
}

function impliedCreateEvent(roomId: RoomId): EventId {
  return `$${roomId.slice(1)}` as EventId;
}
