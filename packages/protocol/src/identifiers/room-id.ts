import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { EventId, RoomId, ServerName } from './brand.ts';
import { domainAfterColon, faultOfNamespacedId } from './namespaced-id.ts';

const CREATE_EVENT_HASH = /^![A-Za-z0-9_-]{43}$/;

/** A room id of any room version. Source: appendices, "Room IDs". */
export function parseRoomId(text: string): Parsed<RoomId> {
  return isRoomId(text) ? parsed(text) : refused('ID-3.1', 'not a room id of any room version');
}

export function isRoomId(text: string): text is RoomId {
  return CREATE_EVENT_HASH.test(text) || faultOfNamespacedId(text, '!') === undefined;
}

export function isRoomIdOf(format: RoomVersionRules['roomIdFormat'], text: string): text is RoomId {
  return format === 'create-event-hash'
    ? CREATE_EVENT_HASH.test(text)
    : faultOfNamespacedId(text, '!') === undefined;
}

/**
 * The server that created the room, where its id tells. Nothing may depend on it but rules that say so: from room
 * version 12 on there is none, and a room outlives its first server.
 */
export function domainOf(roomId: RoomId): ServerName | undefined {
  return roomId.includes(':') ? domainAfterColon(roomId) : undefined;
}

/** Id of the room that a create event makes (version 12 on). */
export function roomIdOfCreateEvent(eventId: EventId): RoomId {
  return `!${eventId.slice(1)}` as RoomId;
}

/** The create event that a room id names; `undefined` for an id with a domain. */
export function createEventIdOf(roomId: RoomId): EventId | undefined {
  return CREATE_EVENT_HASH.test(roomId) ? (`$${roomId.slice(1)}` as EventId) : undefined;
}
