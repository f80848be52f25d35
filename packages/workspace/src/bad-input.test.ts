import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  canonicalJson,
  hashAndSignEvent,
  NumberLiteral,
  type EventId,
  type JsonObject,
  type JsonValue,
  type RoomId,
  type UserId,
} from '@hansa/protocol';
import {
  deadline,
  ForeignMember,
  ForeignServer,
  TestCa,
  TestWorkspace,
  writeNetworkFiles,
  type ForeignAnswer,
  type MatrixClient,
} from '@hansa/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const OURS = 'harbour.example';
const HOSTILE = 'hostile.example';
const HONEST = 'honest.example';
/** Its key was valid until yesterday. */
const EXPIRED = 'expired.example';
const DAY_MS = 86_400_000;
const SEND = '/_matrix/federation/v1/send';
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_EVENT_BYTES = 65_536;
/** What a body may have; an event may have fewer. */
const MAX_BODY_LEVELS = 1_000;
const MAX_EVENT_LEVELS = 512;
const CLIENT_BODY_BYTES = 1024 * 1024;
/** Where something of an event, or of a room, might be left behind. */
const TABLES = ['events', 'stage', 'rooms', 'oob_memberships', 'pending_joins', 'extremities'];

let folder: string;
let ours: TestWorkspace;
let target: { readonly serverName: string; readonly federationUrl: string };
let servers: Readonly<Record<string, ForeignServer>>;
let ada: MatrixClient;
/** One where mallory of the hostile server is, one where gale of the honest one is, one where nobody from outside is. */
let rooms: { readonly shared: string; readonly honest: string; readonly closed: string };
let mallory: ForeignMember;
let gale: ForeignMember;
let requests = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hansa-bad-input-'));
  const ca = await TestCa.create();
  const serverNames = [OURS, HOSTILE, HONEST, EXPIRED];
  const places = await writeNetworkFiles({ folder, serverNames, ca, logLevel: 'error' });
  const [first, ...others] = places;
  if (first === undefined) throw new Error('four were written');
  const started = others.map(async ({ serverName, federationPort: port }) => [
    serverName,
    await ForeignServer.start({ serverName, port, ca }),
  ]);
  servers = Object.fromEntries(await Promise.all(started)) as typeof servers;
  const expired = serverOf(EXPIRED);
  expired.published = { ...expired.published, validUntilTs: Date.now() - DAY_MS };
  ours = await TestWorkspace.at(first);
  await ours.resume();
  target = first;
  ada = await ours.register('ada');
  rooms = {
    shared: await ada.createRoom({ preset: 'public_chat' }),
    honest: await ada.createRoom({ preset: 'public_chat' }),
    closed: await ada.createRoom({ preset: 'private_chat' }),
  };
  mallory = await ForeignMember.join(serverOf(HOSTILE), target, { roomId: rooms.shared });
  const local = { roomId: rooms.honest, localpart: 'gale' };
  gale = await ForeignMember.join(serverOf(HONEST), target, local);
});
afterAll(async () => {
  await ours.stop();
  for (const server of Object.values(servers)) await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function serverOf(name: string): ForeignServer {
  const server = servers[name];
  if (server === undefined) throw new Error(`${name} was not started`);
  return server;
}

function countRows(): Readonly<Record<string, number>> {
  const database = new DatabaseSync(join(ours.folder, 'data', 'hansa.db'), { readOnly: true });
  try {
    const counts = TABLES.map((table) => {
      const row = database.prepare(`SELECT count(*) AS n FROM ${table}`).get();
      return [table, Number(row?.['n'])] as const;
    });
    return Object.fromEntries(counts);
  } finally {
    database.close();
  }
}

/** What is answered to something that must leave nothing behind, in a server where others go on as ever. */
async function withoutTrace(send: () => Promise<ForeignAnswer>): Promise<ForeignAnswer> {
  const before = countRows();
  const answer = await send();
  expect(countRows()).toEqual(before);
  const said = await gale.say(target, 'the honest go on');
  const own = await ada.sendText(rooms.closed, 'and so do we');
  const seen = (room: string) => ada.room(room).timeline.map(({ event_id: id }) => id);
  const areThere = () => seen(rooms.honest).includes(said) && seen(rooms.closed).includes(own);
  await ada.until(areThere, deadline('what others said'));
  return answer;
}

/** A request of the hostile server to be sent as it is; `body` is what is signed, `text` what is sent. */
function hostile(
  method: string,
  path: string,
  sent: { readonly body?: JsonValue; readonly text?: string | Uint8Array } = {},
): Promise<ForeignAnswer> {
  const server = serverOf(HOSTILE);
  const authorization = server.authorize(OURS, { method, path }, sent.body);
  const text = sent.text ?? (sent.body === undefined ? undefined : canonicalJson(sent.body));
  const headers = { authorization };
  const body = text === undefined ? {} : { body: text };
  return server.request(target, { method, path, headers, ...body });
}

function newTransaction(): string {
  requests += 1;
  return `${SEND}/bad-${requests}`;
}

function refused(status: number, errcode: string): unknown {
  return { status, body: { errcode, error: expect.any(String) as string } };
}

function nested(levels: number): JsonObject {
  let value: JsonObject = {};
  for (let level = 1; level < levels; level += 1) value = { a: value };
  return value;
}

describe('a transaction that cannot be read', () => {
  it.each<[string, string | Uint8Array]>([
    ['half an object', '{"pdus":['],
    ['something behind it', '{"pdus":[]} x'],
    ['NaN', '{"pdus":[NaN]}'],
    ['Infinity', '{"pdus":[Infinity]}'],
    ['a key twice', '{"pdus":[],"pdus":[]}'],
    ['half a surrogate pair', String.raw`{"pdus":["\ud800"]}`],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
    ['nothing at all', ''],
    ['levels without end', '['.repeat(MAX_BODY_LEVELS + 1) + ']'.repeat(MAX_BODY_LEVELS + 1)],
  ])('[SEC-27] is refused whole: %s', async (_what, text) => {
    const answer = await withoutTrace(() => hostile('PUT', newTransaction(), { text }));
    expect(answer).toMatchObject(refused(400, 'M_NOT_JSON') as object);
  });

  it.each<[string, JsonValue]>([
    ['no object', []],
    ['PDUs that are no list', { pdus: {} }],
    ['51 PDUs', { pdus: Array.from({ length: 51 }, () => ({})) }],
    ['101 EDUs', { pdus: [], edus: Array.from({ length: 101 }, () => ({})) }],
  ])('[SEC-34] is refused whole: %s', async (_what, body) => {
    const answer = await withoutTrace(() => hostile('PUT', newTransaction(), { body }));
    expect(answer).toMatchObject(refused(400, 'M_BAD_JSON') as object);
  });

  it('[SEC-35] is refused whole where it is too large', async () => {
    const text = `{"pdus":["${'x'.repeat(MAX_BODY_BYTES)}"]}`;
    const answer = await withoutTrace(() => hostile('PUT', newTransaction(), { text }));
    expect(answer).toMatchObject(refused(413, 'M_TOO_LARGE') as object);
  });
});

/** Requests that change something, with what an honest one would bring. */
function everyWrite(): readonly (readonly [method: string, path: string, body: JsonObject])[] {
  const room = encodeURIComponent(rooms.shared);
  const pdu = mallory.write();
  const id = encodeURIComponent(`$${'e'.repeat(43)}`);
  return [
    ['PUT', newTransaction(), { pdus: [pdu] }],
    ['PUT', `/_matrix/federation/v2/send_join/${room}/${id}`, pdu],
    ['PUT', `/_matrix/federation/v2/send_leave/${room}/${id}`, pdu],
    ['PUT', `/_matrix/federation/v1/send_knock/${room}/${id}`, pdu],
    ['PUT', `/_matrix/federation/v1/invite/${room}/${id}`, pdu],
    [
      'PUT',
      `/_matrix/federation/v2/invite/${room}/${id}`,
      { room_version: '12', event: pdu, invite_room_state: [] },
    ],
  ];
}

describe('a request that nobody may have signed', () => {
  interface Signing {
    readonly origin?: string;
    readonly by?: string;
    readonly destination?: string;
    readonly path?: string;
    readonly content?: JsonObject;
  }

  it.each<[string, Signing | undefined]>([
    ['[SEC-18] not at all', undefined],
    ['[SEC-18] as another server that exists', { origin: HONEST }],
    ['[SEC-18] as a server that nobody knows', { origin: 'nowhere.example' }],
    ['[SEC-18] as ourselves', { origin: OURS }],
    ['[SEC-15] by a key that has expired', { origin: EXPIRED, by: EXPIRED }],
    ['[SEC-17] for another server', { destination: HONEST }],
    ['[SEC-18] for another path', { path: `${SEND}/another` }],
    ['[SEC-18] with another body', { content: { pdus: [] } }],
  ])('is refused: signed %s', async (_how, signing) => {
    for (const [method, path, body] of everyWrite()) {
      const answer = await withoutTrace(() => {
        const server = serverOf(signing?.by ?? HOSTILE);
        const about = { method, path: signing?.path ?? path };
        const content = signing?.content ?? body;
        const as = { origin: signing?.origin ?? server.serverName };
        const authorization = server.authorize(signing?.destination ?? OURS, about, content, as);
        const headers = signing === undefined ? {} : { authorization };
        return server.request(target, { method, path, headers, body: canonicalJson(body) });
      });
      expect([path, answer]).toMatchObject([path, refused(401, 'M_UNAUTHORIZED')]);
    }
  });
});

/** Sends one event between two that are as they should be, which must not suffer for it. */
async function sendAmongGood(event: JsonObject): Promise<unknown> {
  const answer = await withoutTrace(() => serverOf(HOSTILE).send(target, [event]));
  expect(answer.status).toBe(200);
  const told = Object.values(answer.body['pdus'] as JsonObject);
  expect(told).toHaveLength(1);
  await mallory.say(target, 'what is good of mine is still taken');
  return told[0];
}

const REFUSED_PDU = { error: expect.any(String) as string };

describe('an event that is not as it should be', () => {
  const literal = (text: string): JsonValue => new NumberLiteral(text) as unknown as JsonValue;

  it.each<[string, () => JsonValue]>([
    ['below 0', () => -1],
    ['2^53', () => literal(String(2n ** 53n))],
    ['2^63 − 1', () => literal(String(2n ** 63n - 1n))],
    ['2^63', () => literal(String(2n ** 63n))],
    ['a hundred digits', () => literal('9'.repeat(100))],
    ['a text', () => '8'],
    ['nothing', () => null],
  ])('[SEC-26] is refused by itself: a depth of %s', async (_what, depth) => {
    const event = mallory.write({}, (json) => ({ ...json, depth: depth() }));
    expect(await sendAmongGood(event)).toEqual(REFUSED_PDU);
  });

  it.each<[string, () => JsonObject]>([
    ['[SEC-33] 10,000 prev_events', () => withReferences('prev_events', 10_000)],
    ['[SEC-33] 10,000 auth_events', () => withReferences('auth_events', 10_000)],
    ['[SEC-33] 21 prev_events', () => withReferences('prev_events', 21)],
    ['[SEC-33] 11 auth_events', () => withReferences('auth_events', 11)],
    [
      '[SEC-27] more levels than an event may have',
      () => mallory.write({ content: nested(MAX_EVENT_LEVELS) }),
    ],
    [
      '[SEC-35] more bytes than an event may have',
      () => mallory.write({ content: { body: 'x'.repeat(MAX_EVENT_BYTES) } }),
    ],
    ['[SEC-35] a type of 256 bytes', () => mallory.write({ type: 'x'.repeat(256) })],
    [
      '[SEC-01] a sender of another server',
      () => mallory.write({ sender: `@gale:${HONEST}` as UserId }),
    ],
    ['[SEC-01] a sender of ours', () => mallory.write({ sender: ada.userId as UserId })],
    ['[SEC-01] no signature', () => ({ ...mallory.write(), signatures: {} })],
    ['[SEC-01] the signature of another server', () => signedBy(HONEST)],
    ['[SEC-01] a signature by a key that has expired', () => signedBy(EXPIRED, `@u:${EXPIRED}`)],
    ['[SEC-01] other content than was hashed and signed', withOtherType],
    ['[SEC-34] a room id that is none', () => mallory.write({ roomId: '!x y' as RoomId })],
  ])('is refused by itself: %s', async (what, write) => {
    if (what.includes('room id')) {
      const answer = await withoutTrace(() => serverOf(HOSTILE).send(target, [write()]));
      // Not even its id can be told.
      expect(answer).toEqual({ status: 200, body: { pdus: {} } });
      return;
    }
    expect(await sendAmongGood(write())).toEqual(REFUSED_PDU);
  });

  function withReferences(field: 'auth_events' | 'prev_events', count: number): JsonObject {
    const ids = Array.from(
      { length: count },
      (_, n) => `$${String(n).padStart(43, 'a')}` as EventId,
    );
    return mallory.write({}, (json) => ({ ...json, [field]: ids }));
  }

  function signedBy(server: string, sender = mallory.userId as string): JsonObject {
    const { serverName, key } = serverOf(server);
    const {
      signatures: _signatures,
      hashes: _hashes,
      ...json
    } = mallory.write({
      sender: sender as UserId,
    });
    return hashAndSignEvent(json, mallory.rules, serverName, key);
  }

  function withOtherType(): JsonObject {
    return { ...mallory.write(), type: 'm.room.topic', state_key: '' };
  }
});

describe('an event of another room', () => {
  it.each(['v2/send_join', 'v2/send_leave', 'v1/send_knock', 'v1/invite', 'v2/invite'])(
    '[SEC-04] is not stored by way of a room that the path of %s names',
    async (handshake) => {
      const membership = /_(join|leave|knock)$/.exec(handshake)?.[1] ?? 'invite';
      const event = mallory.write({
        type: 'm.room.member',
        stateKey: membership === 'invite' ? ada.userId : mallory.userId,
        content: { membership },
      });
      const body = handshake === 'v2/invite' ? { room_version: '12', event } : event;
      const here = encodeURIComponent(rooms.honest);
      const id = encodeURIComponent(mallory.last.eventId);
      const path = `/_matrix/federation/${handshake}/${here}/${id}`;
      const answer = await withoutTrace(() => hostile('PUT', path, { body }));
      expect(answer).toMatchObject(refused(400, 'M_INVALID_PARAM') as object);
    },
  );

  it('[SEC-04] in a room that nobody of us is in is not stored', async () => {
    const event = mallory.write({ roomId: `!${'n'.repeat(43)}` as RoomId });
    const answer = await withoutTrace(() => serverOf(HOSTILE).send(target, [event]));
    // Of a room whose version is not known not even the ids of events can be told.
    expect(answer).toEqual({ status: 200, body: { pdus: {} } });
  });

  it('[SEC-11] in a room that its sender is not in is known as rejected, and is nothing of it', async () => {
    const { eventId, depth } = gale.last;
    const where = { roomId: gale.roomId, prevEvents: [eventId], depth: depth + 1 };
    const event = mallory.write({ ...where, authEvents: gale.authEvents() });
    const { events: before, ...kept } = countRows();
    const { body } = await serverOf(HOSTILE).send(target, [event]);
    expect(Object.values(body['pdus'] as JsonObject)).toEqual([REFUSED_PDU]);
    const { events: after, ...left } = countRows();
    // Whatever is built upon it is rejected by that.
    expect([left, (after ?? 0) - (before ?? 0)]).toEqual([kept, 1]);
    await withoutTrace(async () => ({ status: 200, body: {} }));
    const shown = ada.room(rooms.honest).timeline.map(({ sender }) => sender);
    expect(shown).not.toContain(mallory.userId);
  });

  it.each<[string, () => JsonObject]>([
    ['as its parent', () => mallory.write({ prevEvents: [gale.last.eventId] })],
    ['for its authorisation', () => mallory.write({ authEvents: [gale.last.eventId] })],
    ['in a room of ours', () => mallory.write({ roomId: rooms.closed as RoomId })],
  ])(
    '[SEC-04] that names what is not of its room %s waits, and becomes none',
    async (_how, write) => {
      // What is not known may come: it is kept aside for a while, within the bounds of its server.
      const { stage: before, ...kept } = countRows();
      const answer = await serverOf(HOSTILE).send(target, [write()]);
      expect(answer.status).toBe(200);
      const { stage: after, ...left } = countRows();
      expect(left).toEqual(kept);
      expect((after ?? 0) - (before ?? 0)).toBeLessThanOrEqual(1);
      await withoutTrace(async () => ({ status: 200, body: {} }));
      await mallory.say(target, 'what is good of mine is still taken');
    },
  );
});

describe('a room version that nobody knows', () => {
  it('[SEC-13] is no version that somebody may join with', async () => {
    const place = `${encodeURIComponent(rooms.shared)}/${encodeURIComponent(mallory.userId)}`;
    const path = `/_matrix/federation/v1/make_join/${place}?ver=org.example.unknown`;
    const answer = await withoutTrace(() => hostile('GET', path));
    expect(answer).toMatchObject(refused(400, 'M_INCOMPATIBLE_ROOM_VERSION') as object);
  });

  it('[SEC-28] is none of an invite', async () => {
    const event = mallory.write({
      type: 'm.room.member',
      stateKey: ada.userId,
      content: { membership: 'invite' },
    });
    const roomId = encodeURIComponent(rooms.shared);
    const path = `/_matrix/federation/v2/invite/${roomId}/${encodeURIComponent(mallory.last.eventId)}`;
    const body = { room_version: 'org.example.unknown', event, invite_room_state: [] };
    const answer = await withoutTrace(() => hostile('PUT', path, { body }));
    expect(answer).toMatchObject(refused(400, 'M_INCOMPATIBLE_ROOM_VERSION') as object);
  });

  it('[SEC-13] makes no room', async () => {
    const create = mallory.write({}, ({ room_id: _roomId, ...json }) => ({
      ...json,
      type: 'm.room.create',
      state_key: '',
      content: { room_version: 'org.example.unknown' },
      prev_events: [],
      auth_events: [],
    }));
    const answer = await withoutTrace(() => serverOf(HOSTILE).send(target, [create]));
    expect(answer).toEqual({ status: 200, body: { pdus: {} } });
  });
});

describe('bad input of our own people', () => {
  const path = () =>
    `/_matrix/client/v3/rooms/${encodeURIComponent(rooms.closed)}/send/m.room.message/bad${(requests += 1)}`;

  it.each<[string, () => string, number, string]>([
    ['[SEC-27] half an object', () => '{"body":', 400, 'M_NOT_JSON'],
    ['[SEC-27] no object', () => '[]', 400, 'M_BAD_JSON'],
    ['[SEC-27] a fraction', () => '{"body":1.5}', 400, 'M_BAD_JSON'],
    [
      '[SEC-27] levels without end',
      () => `{"a":${'['.repeat(1_100)}${']'.repeat(1_100)}}`,
      400,
      'M_NOT_JSON',
    ],
    [
      '[SEC-35] a body that is too large',
      () => `{"body":"${'x'.repeat(CLIENT_BODY_BYTES)}"}`,
      413,
      'M_TOO_LARGE',
    ],
    [
      '[SEC-35] an event that is too large',
      () => `{"body":"${'x'.repeat(MAX_EVENT_BYTES)}"}`,
      413,
      'M_TOO_LARGE',
    ],
  ])('is refused: %s', async (_what, text, status, errcode) => {
    const answer = await withoutTrace(async () => {
      const { status: told, body } = await ada.http.exchange<JsonObject>('PUT', path(), {
        text: text(),
      });
      return { status: told, body };
    });
    expect(answer).toMatchObject(refused(status, errcode) as object);
  });
});
