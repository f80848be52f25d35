import type { RoomId, UserId } from '@hansa/protocol';
import type { Readers } from '@hansa/storage';
import type { UserMembership } from '../room-views.ts';

/** Memberships of a user of ours in rooms that we are or were in, and at the doors of others. */
export async function listMemberships(
  { rooms, thresholds }: Pick<Readers, 'rooms' | 'thresholds'>,
  userId: UserId,
): Promise<readonly UserMembership[]> {
  const byRoom = new Map<RoomId, UserMembership>();
  const forgotten = await rooms.listForgotten(userId);
  for (const { roomId, membership, sender, eventId, position } of await rooms.listMemberships(
    userId,
  )) {
    const isForgotten = forgotten.get(roomId) === position;
    const known = { roomId, membership, sender, eventId, position, isForgotten };
    byRoom.set(roomId, { ...known, strippedState: undefined });
  }
  for (const outside of await thresholds.listOutOfBand(userId)) {
    const { roomId, membership, sender, eventId, position, strippedState } = outside;
    // A room that we are in speaks for itself.
    if ((await rooms.find(roomId))?.residence === 'joined') continue;
    const isForgotten = forgotten.get(roomId) === position;
    const known = { roomId, membership, sender, eventId, position, isForgotten };
    byRoom.set(roomId, { ...known, strippedState });
  }
  return [...byRoom.values()];
}
