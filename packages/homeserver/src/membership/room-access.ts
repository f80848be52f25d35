import { readHistoryVisibility, type RoomId, type UserId } from '@hansa/protocol';
import type { RoomViews, StateView } from '../engine/room-views.ts';
import { forbidden } from '../matrix-error.ts';
import { findStayEnd, type StayReads } from './stay-end.ts';

/** How far a user may read a room; which of its events, its history visibility says. */
export interface RoomAccess {
  readonly isJoined: boolean;
  /** `Infinity` for who may read what comes, the end of the last stay for who was in the room. */
  readonly upTo: number;
  readonly state: StateView;
}

export type AccessReads = StayReads & Pick<RoomViews, 'findRoom' | 'stateAtPosition'>;

/**
 * Who is in a room reads it as it is, who has left as it was then; a world-readable one anybody.
 * @throws MatrixError `M_FORBIDDEN` for everybody else, whether there is such a room or not
 */
export async function roomAccess(
  views: AccessReads,
  roomId: RoomId,
  userId: UserId,
): Promise<RoomAccess> {
  const room = await views.findRoom(roomId);
  if (room === undefined) throw notInRoom();
  const state = await views.currentState(roomId);
  const stayEnd = await findStayEnd(views, roomId, userId);
  const isJoined = stayEnd === Infinity;
  if (isJoined || (room.residence === 'joined' && (await isWorldReadable(state)))) {
    return { isJoined, upTo: Infinity, state };
  }
  if (stayEnd === undefined) throw notInRoom();
  return { isJoined, upTo: stayEnd, state: await views.stateAtPosition(roomId, stayEnd) };
}

function notInRoom(): Error {
  return forbidden('You are not in this room.');
}

async function isWorldReadable(state: StateView): Promise<boolean> {
  const visibility = await state.find('m.room.history_visibility', '');
  return readHistoryVisibility(visibility?.content) === 'world_readable';
}
