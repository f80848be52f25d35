import { getRoomVersion, parsePdu } from '@hansa/protocol';
import type { JsonObject, JsonValue, Pdu, RoomId, ServerName } from '@hansa/protocol';
import { sampleEvent, sampleRoomId } from '@hansa/protocol/testing/sample-event';
import type { Receipt } from '@hansa/storage';
import { describe, expect, it } from 'vitest';
import { ServerAccess } from '../server-access.ts';
import { stateOf } from '../testing/stub-ports.ts';
import { receiveEdus } from './receive-edus.ts';

const rules = getRoomVersion('11');
const ROOM = sampleRoomId(rules);
const THEIRS = 'theirs.test' as ServerName;
const USER = '@user:theirs.test';
const EVENT = `$${'a'.repeat(43)}`;

function state(type: string, stateKey: string, content: JsonObject): Pdu {
  const parsed = parsePdu(sampleEvent(rules, { type, stateKey, content }), rules);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

/** What becomes of the EDUs of `theirs.test` in a room with this state. */
async function receive(edus: readonly JsonValue[], ...more: readonly Pdu[]) {
  const typing: unknown[] = [];
  const receipts: Receipt[] = [];
  const held = [state('m.room.member', USER, { membership: 'join' }), ...more];
  const views = {
    findRoom: async (roomId: RoomId) =>
      roomId === ROOM ? { roomId, rules, residence: 'joined' as const } : undefined,
    currentState: async () => stateOf(held),
    joinedServers: async () => [THEIRS],
  };
  await receiveEdus(
    {
      access: new ServerAccess(views),
      views,
      typing: { receive: (...given) => void typing.push(given) },
      receipts: { receive: async (given) => receipts.push(...given) },
    },
    THEIRS,
    edus,
  );
  return { typing, receipts };
}

const typing = (content: object): JsonValue => ({
  edu_type: 'm.typing',
  content: { room_id: ROOM, user_id: USER, typing: true, ...content },
});
const receipt = (of: object = {}, userId = USER, type = 'm.read', roomId: string = ROOM) => ({
  edu_type: 'm.receipt',
  content: { [roomId]: { [type]: { [userId]: { event_ids: [EVENT], data: { ts: 5 }, ...of } } } },
});

describe('EDUs', () => {
  it('are heeded where their server may send them', async () => {
    const main = receipt({ data: { ts: 6, thread_id: 'main' } });
    const taken = await receive([typing({}), typing({ typing: false }), receipt(), main]);
    expect(taken.typing).toEqual([
      [ROOM, USER, true],
      [ROOM, USER, false],
    ]);
    const expected = { roomId: ROOM, userId: USER, type: 'm.read', eventId: EVENT };
    expect(taken.receipts).toEqual([
      { ...expected, threadId: undefined, ts: 5 },
      { ...expected, threadId: 'main', ts: 6 },
    ]);
  });

  it("are not, where the room's ACL denies it", async () => {
    const acl = state('m.room.server_acl', '', { allow: ['*'], deny: ['theirs.test'] });
    expect(await receive([typing({}), receipt()], acl)).toEqual({ typing: [], receipts: [] });
  });

  it.each([
    ['no object', 'x'],
    ['no content', { edu_type: 'm.typing' }],
    ['a type that nobody knows', { edu_type: 'm.presence', content: {} }],
    ["another server's user", typing({ user_id: '@user:ours.test' })],
    ['a user who is not in the room', typing({ user_id: '@gone:theirs.test' })],
    ['a room that we are not in', typing({ room_id: '!other:theirs.test' })],
    ['no room', typing({ room_id: 7 })],
    ['no user', typing({ user_id: null })],
    ['typing that is neither', typing({ typing: 'yes' })],
    ["a receipt of another server's user", receipt({}, '@user:ours.test')],
    ['a receipt of who is not in the room', receipt({}, '@gone:theirs.test')],
    ['a receipt in a room that we are not in', receipt({}, USER, 'm.read', '!other:theirs.test')],
    ["a receipt that is nobody else's to see", receipt({}, USER, 'm.read.private')],
    ['a receipt of no event', receipt({ event_ids: [] })],
    ['a receipt of no event id', receipt({ event_ids: ['x'] })],
    ['a receipt without its time', receipt({ data: {} })],
    ['a receipt before all time', receipt({ data: { ts: -1 } })],
    ['a receipt of a thread without name', receipt({ data: { ts: 1, thread_id: '' } })],
    ['a receipt of a thread that is none', receipt({ data: { ts: 1, thread_id: 7 } })],
    ['receipts of nothing', { edu_type: 'm.receipt', content: { [ROOM]: [] } }],
    ['a prototype', { edu_type: 'm.receipt', content: JSON.parse('{"__proto__":{"m.read":{}}}') }],
  ] as const)('are passed over: %s', async (_what, edu) => {
    expect(await receive([edu as JsonValue])).toEqual({ typing: [], receipts: [] });
  });

  it('bring so many receipts at a time and no more', async () => {
    const value = { event_ids: [EVENT], data: { ts: 1 } };
    const users = Array.from({ length: 2_000 }, (_, number) => `@u${number}:theirs.test`);
    const read = Object.fromEntries(users.map((userId) => [userId, value]));
    const content = { [ROOM]: { 'm.read': read } };
    const members = users.map((userId) => state('m.room.member', userId, { membership: 'join' }));
    const { receipts } = await receive([{ edu_type: 'm.receipt', content }], ...members);
    expect(receipts).toHaveLength(1_000);
  });
});
