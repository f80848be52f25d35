import {
  isArray,
  isEventId,
  isObject,
  isRoomId,
  isUserId,
  member,
  serverOf,
  type JsonObject,
  type JsonValue,
  type RoomId,
  type ServerName,
  type UserId,
} from '@hansa/protocol';
import type { Receipt } from '@hansa/storage';
import type { RoomViews } from '../../engine/room-views.ts';
import type { Receipts, TypingNotices } from '../../ephemeral/index.ts';
import { isJoinedNow } from '../../membership/is-joined-now.ts';
import type { ServerAccess } from '../server-access.ts';

export interface EduPorts {
  readonly access: ServerAccess;
  readonly views: Pick<RoomViews, 'currentState' | 'findRoom'>;
  readonly typing: Pick<TypingNotices, 'receive'>;
  readonly receipts: Pick<Receipts, 'receive'>;
}

/** Receipts of one transaction that are looked at. */
const MAX_RECEIPTS = 1_000;
const MAX_THREAD_ID_CHARS = 255;

/**
 * EDUs of one transaction. They have no answer of their own: what is malformed, unknown, of somebody else's user or
 * denied by a room's ACL is passed over. Source: server-server API, "EDUs".
 */
export async function receiveEdus(
  ports: EduPorts,
  origin: ServerName,
  edus: readonly JsonValue[],
): Promise<void> {
  const receipts: Receipt[] = [];
  for (const edu of edus) {
    const content = isObject(edu) ? member(edu, 'content') : undefined;
    if (!isObject(edu) || !isObject(content)) continue;
    const type = member(edu, 'edu_type');
    if (type === 'm.typing') await receiveTyping(ports, origin, content);
    if (type === 'm.receipt')
      receipts.push(...readReceipts(content, MAX_RECEIPTS - receipts.length));
  }
  const allowed: Receipt[] = [];
  for (const receipt of receipts) {
    if (await mayTell(ports, origin, receipt)) allowed.push(receipt);
  }
  await ports.receipts.receive(allowed);
}

async function receiveTyping(
  ports: EduPorts,
  origin: ServerName,
  content: JsonObject,
): Promise<void> {
  const roomId = member(content, 'room_id');
  const userId = member(content, 'user_id');
  const typing = member(content, 'typing');
  if (typeof roomId !== 'string' || !isRoomId(roomId) || typeof typing !== 'boolean') return;
  if (typeof userId !== 'string' || !isUserId(userId)) return;
  if (await mayTell(ports, origin, { roomId, userId })) {
    ports.typing.receive(roomId, userId, typing);
  }
}

/** Room, then type, then user; anything but `m.read` is not for us to see. */
function readReceipts(content: JsonObject, limit: number): readonly Receipt[] {
  const receipts: Receipt[] = [];
  for (const [roomId, types] of Object.entries(content)) {
    const users = isObject(types) ? member(types, 'm.read') : undefined;
    if (!isRoomId(roomId) || !isObject(users)) continue;
    for (const [userId, value] of Object.entries(users)) {
      if (receipts.length >= limit) return receipts;
      const receipt = isUserId(userId) ? readReceipt(roomId, userId, value) : undefined;
      if (receipt !== undefined) receipts.push(receipt);
    }
  }
  return receipts;
}

function readReceipt(roomId: RoomId, userId: UserId, value: JsonValue): Receipt | undefined {
  const eventIds = isObject(value) ? member(value, 'event_ids') : undefined;
  const data = isObject(value) ? member(value, 'data') : undefined;
  if (!isArray(eventIds) || !isObject(data)) return undefined;
  const [eventId] = eventIds;
  const ts = member(data, 'ts');
  const threadId = member(data, 'thread_id');
  if (typeof eventId !== 'string' || !isEventId(eventId)) return undefined;
  if (typeof ts !== 'number' || !Number.isSafeInteger(ts) || ts < 0) return undefined;
  if (threadId !== undefined && !isThreadId(threadId)) return undefined;
  return { roomId, userId, type: 'm.read', threadId, eventId, ts };
}

function isThreadId(value: JsonValue): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_THREAD_ID_CHARS;
}

async function mayTell(
  { access, views }: EduPorts,
  origin: ServerName,
  { roomId, userId }: Pick<Receipt, 'roomId' | 'userId'>,
): Promise<boolean> {
  if (serverOf(userId) !== origin || !(await access.allows(roomId, origin))) return false;
  return isJoinedNow(views, roomId, userId);
}
