import {
  isArray,
  isObject,
  NumberLiteral,
  parsePdu,
  type EventId,
  type JsonObject,
  type JsonValue,
  type RoomId,
} from '@hansa/protocol';
import { mutatedJson } from '@hansa/protocol/testing/mutated-json';
import { propertyParameters, slowRuns } from '@hansa/protocol/testing/runs';
import { ForeignMember } from '@hansa/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOSTILE, OURS, Siege } from './testing/siege.ts';

const ROOMS_IN_TEST = 20;
const INVITES_IN_TEST = 40;
const MOST_EVENTS = 10;
const MOST_LEVELS = 100;

/** What somebody reads of an event, of each type that a reader here looks into. */
const SAMPLES: Readonly<Record<string, JsonObject>> = {
  'm.room.message': {
    msgtype: 'm.text',
    body: 'x',
    'm.relates_to': { rel_type: 'm.thread', event_id: '$a' },
    'm.mentions': { user_ids: ['@ada:harbour.example'] },
  },
  'm.reaction': { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$a', key: 'x' } },
  'm.room.member': { membership: 'join', displayname: 'Mal', avatar_url: 'mxc://a/b' },
  'm.room.name': { name: 'x' },
  'm.room.topic': { topic: 'x', 'm.topic': { 'm.text': [{ body: 'x' }] } },
  'm.room.avatar': { url: 'mxc://a/b', info: { w: 1 } },
  'm.room.canonical_alias': { alias: '#a:b', alt_aliases: ['#c:d'] },
  'm.room.history_visibility': { history_visibility: 'joined' },
  'm.room.join_rules': {
    join_rule: 'restricted',
    allow: [{ type: 'm.room_membership', room_id: '!a' }],
  },
  'm.room.guest_access': { guest_access: 'can_join' },
  'm.room.server_acl': { allow: ['*'], deny: ['evil.example'], allow_ip_literals: true },
  'm.room.power_levels': { users: { '@a:b': 50 }, events: { a: 1 }, users_default: 100 },
  'm.room.encryption': { algorithm: 'm.megolm.v1.aes-sha2', rotation_period_ms: 1 },
  'm.room.tombstone': { body: 'x', replacement_room: '!next' },
  'm.room.pinned_events': { pinned: ['$a'] },
  'm.room.third_party_invite': {
    display_name: 'x',
    key_validity_url: 'https://a',
    public_key: 'a',
  },
  'm.room.redaction': { redacts: '$a', reason: 'x' },
  'm.space.child': { via: ['a'], order: 'x' },
  ['__proto__']: {},
  '': { body: 'x' },
};

/** Of whose key somebody may make state in most cases, else of any kind. */
const keysOf = (type: string) =>
  fc.oneof(
    { arbitrary: fc.constant(type === 'm.room.member' ? `@mallory:${HOSTILE}` : ''), weight: 3 },
    {
      arbitrary: fc.constantFrom(
        undefined,
        `@mallory:${HOSTILE}`,
        `@ada:${OURS}`,
        '__proto__',
        'constructor',
        '\u0000',
        'x'.repeat(255),
      ),
      weight: 1,
    },
  );

/** Anything that may be in an event: numbers and levels within bounds. */
const odd = (sample: JsonObject) =>
  mutatedJson([sample]).map((value) => withoutLiterals(value) as JsonObject);

function withoutLiterals(value: JsonValue, level = 1): JsonValue {
  if (value instanceof NumberLiteral || level > MOST_LEVELS) return Number.MAX_SAFE_INTEGER;
  if (isArray(value)) return value.map((item) => withoutLiterals(item, level + 1));
  if (!isObject(value)) return typeof value === 'string' ? value.toWellFormed() : value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutLiterals(item, level + 1)]));
}

const oddEvent = fc.constantFrom(...Object.entries(SAMPLES)).chain(([type, sample]) =>
  fc.record({
    type: fc.constant(type),
    content: fc.oneof(fc.constant(sample), odd(sample)),
    stateKey: keysOf(type),
    originServerTs: fc.constantFrom(0, 1, Date.now()),
    extra: odd({ unsigned: { age: 1, prev_content: {}, redacted_because: {} }, x: [1] }),
  }),
);
type OddEvent = typeof oddEvent extends fc.Arbitrary<infer Event> ? Event : never;

let siege: Siege;
beforeAll(async () => {
  siege = await Siege.begin();
});
afterAll(() => siege[Symbol.asyncDispose]());

/** Sends them one after the other; answers those that were taken. */
async function send(
  mallory: ForeignMember,
  events: readonly OddEvent[],
): Promise<readonly EventId[]> {
  const taken: EventId[] = [];
  let { last } = mallory;
  for (const { extra, ...fields } of events) {
    const after = { prevEvents: [last.eventId], depth: last.depth + 1 };
    const json = tryTo(() =>
      mallory.write({ ...fields, ...after }, (own) => ({ ...extra, ...own })),
    );
    const pdu = json && parsePdu(json, mallory.rules);
    if (json === undefined || pdu?.ok !== true) continue;
    const answer = await mallory.server.send(siege.target, [json]);
    expect(answer).toEqual({
      status: 200,
      body: { pdus: { [pdu.value.eventId]: expect.anything() } },
    });
    const [said] = Object.values(answer.body['pdus'] as JsonObject);
    if (JSON.stringify(said) !== '{}') continue;
    last = pdu.value;
    taken.push(last.eventId);
  }
  return taken;
}

/** What is too deep to be written, nobody can send. */
function tryTo(write: () => JsonObject): JsonObject | undefined {
  try {
    return write();
  } catch {
    return undefined;
  }
}

async function read(path: string): Promise<unknown> {
  const answer = await siege.ada.http.exchange('GET', `/_matrix/client/v3${path}`);
  expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
  return answer.body;
}

async function readAll(roomId: string, events: readonly EventId[]): Promise<void> {
  const room = `/rooms/${encodeURIComponent(roomId)}`;
  await read(`${room}/messages?dir=b&limit=100`);
  await read(
    `${room}/messages?dir=f&limit=100&filter=${encodeURIComponent('{"lazy_load_members":true}')}`,
  );
  for (const path of ['state', 'members', 'joined_members', 'aliases'])
    await read(`${room}/${path}`);
  for (const id of events) {
    await read(`${room}/context/${encodeURIComponent(id)}?limit=20`);
    await read(`${room}/event/${encodeURIComponent(id)}`);
  }
  await read('/publicRooms');
  await read('/joined_rooms');
}

it('[SEC-28] whatever is stored of an event, everybody who is in its room can read on', async () => {
  const { ada } = siege;
  let stored = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(oddEvent, { minLength: 1, maxLength: MOST_EVENTS }),
      async (events) => {
        const before = await ada.sync();
        const roomId = await ada.createRoom({
          preset: 'public_chat',
          visibility: 'public',
          power_level_content_override: { users_default: 100 },
        });
        const mallory = await ForeignMember.join(siege.server(HOSTILE), siege.target, { roomId });
        const taken = await send(mallory, events);
        stored += taken.length;
        const later = await ada.sync({ since: before.next_batch });
        const whole = await ada.sync({ filter: { room: { state: { lazy_load_members: true } } } });
        for (const { rooms } of [later, whole]) {
          expect({ ...rooms?.join, ...rooms?.leave }).toHaveProperty([roomId]);
        }
        await readAll(roomId, taken);
        await siege.expectUndisturbed();
        await ada.leave(roomId);
        expect((await ada.sync({ since: later.next_batch })).next_batch).toBeDefined();
      },
    ),
    propertyParameters(slowRuns(ROOMS_IN_TEST)),
  );
  // Else nothing was shown.
  expect(stored).toBeGreaterThan(0);
});

it('[SEC-28] whatever an invite brings along, whoever gets it can read on', async () => {
  const { ada } = siege;
  // What describes a room of version 12 are whole events, of which nothing odd is left.
  const room = { roomId: await ada.createRoom({ preset: 'public_chat', room_version: '11' }) };
  const mallory = await ForeignMember.join(siege.server(HOSTILE), siege.target, room);
  let invites = 0;
  let stored = 0;
  const stripped: readonly JsonObject[] = Object.entries(SAMPLES).map(([type, content]) => ({
    type,
    state_key: '',
    sender: `@mallory:${HOSTILE}`,
    content,
  }));
  const state = fc.array(
    fc.oneof(fc.constantFrom(...stripped), fc.constantFrom(...stripped).chain(odd)),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(
      state,
      odd({ membership: 'invite', displayname: 'x', is_direct: true }),
      async (inviteState, content) => {
        invites += 1;
        const roomId = `!${invites}:${HOSTILE}` as RoomId;
        const event = tryTo(() =>
          mallory.write({
            type: 'm.room.member',
            stateKey: ada.userId,
            content: { ...content, membership: 'invite' },
            roomId,
          }),
        );
        const pdu = event && parsePdu(event, mallory.rules);
        if (event === undefined || pdu?.ok !== true) return;
        const ids = [roomId, pdu.value.eventId].map(encodeURIComponent).join('/');
        const body = {
          room_version: mallory.rules.id,
          event,
          invite_room_state: inviteState,
        };
        const path = `/_matrix/federation/v2/invite/${ids}`;
        const answer = await siege.attack('PUT', path, { body });
        expect(answer.status, `${JSON.stringify(answer.body)}`).toBeLessThan(500);
        const { rooms } = await ada.sync();
        await siege.expectUndisturbed();
        if (answer.status !== 200) return;
        stored += 1;
        expect(rooms?.invite).toHaveProperty([roomId]);
      },
    ),
    propertyParameters(slowRuns(INVITES_IN_TEST)),
  );
  expect(stored).toBeGreaterThan(0);
});
