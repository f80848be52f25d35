import type { RoomId, UserId } from '@hansa/protocol';
import type { AccountReader, AliasEntry } from '@hansa/storage';
import type { RoomViews } from '../engine/room-views.ts';
import { forbidden } from '../matrix-error.ts';
import { maySendState } from '../membership/may-send-state.ts';

export interface OwnerPorts {
  readonly accounts: Pick<AccountReader, 'findAccount'>;
  readonly views: Pick<RoomViews, 'currentState' | 'findRoom'>;
}

/**
 * Whoever made an alias may take it away, so may who names the room (SEC-45), and an administrator of this server. None
 * of them may move it: what it led to is told to all by its going.
 * @throws MatrixError `M_FORBIDDEN`
 */
export async function requireAliasOwner(
  ports: OwnerPorts,
  { roomId, creator }: Pick<AliasEntry, 'roomId' | 'creator'>,
  userId: UserId,
): Promise<void> {
  if (creator !== userId) await requireRoomOwner(ports, roomId, userId);
}

/**
 * How a room stands in our directory is for those who may name it in the room itself.
 * @throws MatrixError `M_FORBIDDEN`
 */
export async function requireRoomOwner(
  { accounts, views }: OwnerPorts,
  roomId: RoomId,
  userId: UserId,
): Promise<void> {
  const type = 'm.room.canonical_alias';
  if (await maySendState(views, { roomId, userId, type })) return;
  if ((await accounts.findAccount(userId))?.admin === true) return;
  throw forbidden('This is for those who may set the addresses of the room.');
}
