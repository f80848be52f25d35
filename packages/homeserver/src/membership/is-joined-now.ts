import { readMembership, type RoomId, type UserId } from '@hansa/protocol';
import type { RoomViews } from '../engine/room-views.ts';

/** Whether a user, of ours or not, is in a room that we are in. */
export async function isJoinedNow(
  views: Pick<RoomViews, 'currentState' | 'findRoom'>,
  roomId: RoomId,
  userId: UserId,
): Promise<boolean> {
  if ((await views.findRoom(roomId))?.residence !== 'joined') return false;
  const member = await (await views.currentState(roomId)).find('m.room.member', userId);
  return member !== undefined && readMembership(member.content) === 'join';
}
