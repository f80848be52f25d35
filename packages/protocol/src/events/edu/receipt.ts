import { parsed, refused } from '../../decision.ts';
import type { Parsed } from '../../decision.ts';
import type { EventId, RoomId, UserId } from '../../identifiers/brand.ts';
import { isEventId } from '../../identifiers/event-id.ts';
import { isRoomId } from '../../identifiers/room-id.ts';
import { isArray, isObject, member } from '../../json/value.ts';
import type { JsonObject, JsonValue } from '../../json/value.ts';
import { readInteger } from '../read-integer.ts';
import { isEduUser } from './edu-user.ts';

/** Receipts that one EDU may bring. */
export const RECEIPTS_MAX = 1_000;

const THREAD_ID_MAX_CHARS = 255;
const LATEST_TS = 2n ** 53n - 1n;

/** A public read receipt; private ones never leave their server. */
export interface ReadReceipt {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly eventId: EventId;
  /** Milliseconds since the epoch. */
  readonly ts: number;
  /** Root event of a thread, or `main`; `undefined` for an unthreaded receipt. */
  readonly threadId: string | undefined;
}

/**
 * `m.receipt`: `room → m.read → user → { event_ids, data }`. Entries that are malformed or of another kind are passed over,
 * so that one of them costs no other. The caller checks that the users are the origin's. Source: server-server API, "Receipts".
 */
export function parseReceipts(content: JsonObject): Parsed<readonly ReadReceipt[]> {
  const receipts: ReadReceipt[] = [];
  for (const [roomId, kinds] of Object.entries(content)) {
    const readers = isObject(kinds) ? member(kinds, 'm.read') : undefined;
    if (!isRoomId(roomId) || !isObject(readers)) continue;
    for (const [userId, entry] of Object.entries(readers)) {
      const receipt = receiptOf(roomId, userId, entry);
      if (receipt === undefined) continue;
      if (receipts.length === RECEIPTS_MAX) {
        return refused('EDU-3', `m.receipt: more than ${RECEIPTS_MAX} receipts`);
      }
      receipts.push(receipt);
    }
  }
  return parsed(receipts);
}

function receiptOf(roomId: RoomId, userId: string, entry: JsonValue): ReadReceipt | undefined {
  if (!isEduUser(userId) || !isObject(entry)) return undefined;
  const eventIds = member(entry, 'event_ids');
  const eventId = isArray(eventIds) && eventIds.length === 1 ? eventIds[0] : undefined;
  const data = member(entry, 'data');
  if (typeof eventId !== 'string' || !isEventId(eventId) || !isObject(data)) return undefined;
  const ts = readInteger(member(data, 'ts'), 0n, LATEST_TS);
  const threadId = member(data, 'thread_id');
  if (ts === undefined || !(threadId === undefined || isThreadId(threadId))) return undefined;
  return { roomId, userId, eventId, ts, threadId };
}

function isThreadId(value: JsonValue): value is string {
  return typeof value === 'string' && value !== '' && value.length <= THREAD_ID_MAX_CHARS;
}
