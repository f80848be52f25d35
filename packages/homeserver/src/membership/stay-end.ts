import { readMembership, type EventId, type RoomId, type UserId } from '@hansa/protocol';
import type { RoomViews } from '../engine/room-views.ts';

export type StayReads = Pick<RoomViews, 'currentState' | 'findEvent' | 'hasForgotten'>;

/** Memberships that one look goes back over: invites, rejections and bans since the user was last in the room. */
const MAX_STEPS = 100;

/**
 * Position of the event that ended a user's last stay in a room; `Infinity` for somebody who is in it, undefined for
 * somebody who never was or who has forgotten the room. What came after that event, such as an invite that was rejected, does not count as a stay.
 * @throws MatrixError `M_NOT_FOUND` for a room that we do not know
 */
export async function findStayEnd(
  views: StayReads,
  roomId: RoomId,
  userId: UserId,
): Promise<number | undefined> {
  const state = await views.currentState(roomId);
  const current = await state.find('m.room.member', userId);
  if (current === undefined) return undefined;
  if (readMembership(current.content) === 'join') return Infinity;
  if (await views.hasForgotten(roomId, userId)) return undefined;
  let eventId: EventId | undefined = current.eventId;
  let after: number | undefined;
  for (let step = 0; eventId !== undefined && step < MAX_STEPS; step += 1) {
    const event = await views.findEvent(roomId, eventId);
    if (event === undefined) return undefined;
    if (readMembership(event.pdu.content) === 'join') return after;
    after = event.position;
    eventId = event.replaces;
  }
  return undefined;
}
