import { isRoomId } from '@hansa/protocol';
import type { RoomId } from '@hansa/protocol';
import type { PublicRoom, PublicRoomsPage } from '@hansa/protocol/wire';
import type { DirectoryReader } from '@hansa/storage';
import type { RoomViews } from '../engine/room-views.ts';
import { invalidParam } from '../matrix-error.ts';
import { readPublishedRoom } from './published-room.ts';
import { passesRoomFilter, type RoomFilter } from './room-filter.ts';

const MAX_ROOMS = 100;
/** Rooms looked at for one page, of which a filter may take few. */
const MAX_SCANNED = 500;

export interface DirectoryPorts {
  readonly directory: Pick<DirectoryReader, 'listPublished'>;
  readonly views: Pick<RoomViews, 'findRoom' | 'currentState' | 'countJoined'>;
}

export interface DirectoryQuery {
  /** 0: as many as a page may hold. */
  readonly limit: number;
  /** `next_batch` of the page before. */
  readonly since: string | undefined;
  readonly filter?: RoomFilter | undefined;
}

/** A page of the rooms that we publish, ordered by room id. Source: server-server API, "Published Room Directory". */
export async function listPublishedRooms(
  { directory, views }: DirectoryPorts,
  { limit, since, filter = {} }: DirectoryQuery,
): Promise<PublicRoomsPage> {
  const size = limit === 0 ? MAX_ROOMS : Math.min(limit, MAX_ROOMS);
  const chunk: PublicRoom[] = [];
  const after = since === undefined ? {} : { after: readToken(since) };
  const scanned = await directory.listPublished({ ...after, limit: MAX_SCANNED });
  for (const [index, roomId] of scanned.entries()) {
    const room = await readPublishedRoom(views, roomId);
    if (room !== undefined && passesRoomFilter(room, filter)) chunk.push(room);
    const isLast = index === scanned.length - 1 && scanned.length < MAX_SCANNED;
    if (chunk.length === size && !isLast) return { chunk, next_batch: roomId };
  }
  const last = scanned.at(-1);
  return scanned.length < MAX_SCANNED || last === undefined
    ? { chunk }
    : { chunk, next_batch: last };
}

/** A token is the room that the page before ended with. */
function readToken(since: string): RoomId {
  if (!isRoomId(since)) throw invalidParam('since: not a token of this server');
  return since;
}
