import { readMembership, type RoomId, type UserId } from '@hansa/protocol';
import type { RoomViews, StateView } from '../engine/room-views.ts';
import { MatrixError } from '../matrix-error.ts';

type Reads = Pick<RoomViews, 'stateAtPosition'>;

/** Undefined before our time in the room. */
export async function findStateAt(
  views: Reads,
  roomId: RoomId,
  position: number,
): Promise<StateView | undefined> {
  try {
    return await views.stateAtPosition(roomId, position);
  } catch (error) {
    if (error instanceof MatrixError && error.errcode === 'M_NOT_FOUND') return undefined;
    throw error;
  }
}

export async function isJoinedAt(
  views: Reads,
  roomId: RoomId,
  userId: UserId,
  position: number,
): Promise<boolean> {
  const state = await findStateAt(views, roomId, position);
  const event = await state?.find('m.room.member', userId);
  return event !== undefined && readMembership(event.content) === 'join';
}
