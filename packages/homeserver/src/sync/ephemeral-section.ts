import type { RoomId } from '@hansa/protocol';
import type { EventBatch } from '@hansa/protocol/wire';
import { passesFilter, passesRooms } from '../client-events/event-filter.ts';
import { receiptEvents } from '../ephemeral/index.ts';
import type { SyncWindow } from './sync-window.ts';

/** Receipts that one answer tells of a room, the newest. */
const MAX_RECEIPTS = 1_000;

/**
 * What is no part of a room's history and new to the client: receipts that came after `after`, all there are where it
 * has nothing; who types, where that changed.
 */
export async function ephemeralSection(
  { receipts, typing, viewer, upTo, filter }: SyncWindow,
  roomId: RoomId,
  after: number | undefined,
): Promise<EventBatch['events']> {
  const wanted = filter.room?.ephemeral ?? {};
  if (!passesRooms(roomId, wanted)) return [];
  const query = { roomId, after: after ?? -1, upTo, limit: MAX_RECEIPTS };
  const visible = (await receipts.listInRoom(query)).filter(
    ({ type, userId }) => type === 'm.read' || userId === viewer.userId,
  );
  const users = typing.rooms.get(roomId);
  const events = [
    ...receiptEvents(visible),
    ...(users === undefined ? [] : [{ type: 'm.typing', content: { user_ids: users } }]),
  ];
  return events.filter((event) => passesFilter({ ...event, sender: '' }, wanted));
}
