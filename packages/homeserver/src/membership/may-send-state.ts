import { powerLevelsOf, type RoomId, type StateLookup, type UserId } from '@hansa/protocol';
import type { RoomViews } from '../engine/room-views.ts';
import { isJoinedNow } from './is-joined-now.ts';

type Reads = Pick<RoomViews, 'currentState' | 'findRoom'>;

/** Whether a user is in a room and has the level that its state events of a type take. */
export async function maySendState(
  views: Reads,
  {
    roomId,
    userId,
    type,
  }: { readonly roomId: RoomId; readonly userId: UserId; readonly type: string },
): Promise<boolean> {
  const room = await views.findRoom(roomId);
  if (room === undefined || !(await isJoinedNow(views, roomId, userId))) return false;
  const state = await views.currentState(roomId);
  const create = await state.find('m.room.create', '');
  const powerLevels = await state.find('m.room.power_levels', '');
  const lookup: StateLookup = (asked) =>
    [create, powerLevels].find((event) => event?.type === asked);
  const levels = powerLevelsOf(lookup, room.rules);
  return levels.user(userId) >= levels.event(type, true);
}
