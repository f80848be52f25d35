import type { JsonObject, Pdu, RoomId } from '@hansa/protocol';
import { strippedState } from '@hansa/protocol';
import type { RoomViews, UserMembership } from '../engine/room-views.ts';

/** What somebody outside may know of a room (client-server API, "Stripped state"); the create event is always among it. */
const TYPES = [
  'm.room.create',
  'm.room.name',
  'm.room.avatar',
  'm.room.topic',
  'm.room.join_rules',
  'm.room.canonical_alias',
  'm.room.encryption',
] as const;

async function listStrippedPdus(
  views: Pick<RoomViews, 'currentState'>,
  roomId: RoomId,
): Promise<readonly Pdu[]> {
  const state = await views.currentState(roomId);
  const found = await Promise.all(TYPES.map((type) => state.find(type, '')));
  return found.filter((pdu) => pdu !== undefined);
}

/** What a client is shown of a room that its user is invited to or knocks at, the own membership included. */
export async function strippedStateOf(
  views: Pick<RoomViews, 'currentState' | 'findEvent'>,
  membership: UserMembership,
): Promise<readonly JsonObject[]> {
  if (membership.strippedState !== undefined) return membership.strippedState;
  const pdus = await listStrippedPdus(views, membership.roomId);
  const own = await views.findEvent(membership.roomId, membership.eventId);
  return [...pdus, ...(own === undefined ? [] : [own.pdu])].map(strippedState);
}
