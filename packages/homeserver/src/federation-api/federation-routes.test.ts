import { getRoomVersion, parsePdu, parseServerKeys, redact } from '@hansa/protocol';
import type { EventId, JsonObject, Pdu, RoomId, ServerName } from '@hansa/protocol';
import { sampleEvent, sampleRoomId } from '@hansa/protocol/testing/sample-event';
import { describe, expect, it } from 'vitest';
import type { RoomViews, StoredEvent } from '../engine/room-views.ts';
import { createApp } from '../http/index.ts';
import { federationRoutes } from './federation-routes.ts';
import { expectContract } from './testing/contract.ts';
import { OURS, stateOf, stubPorts } from './testing/stub-ports.ts';

const rules = getRoomVersion('11');
const ROOM = sampleRoomId(rules);
const THEIRS = 'theirs.test' as ServerName;

let lastDepth = 0;

function pdu(template: Parameters<typeof sampleEvent>[1] = {}): Pdu {
  lastDepth += 1;
  const parsed = parsePdu(sampleEvent(rules, { depth: lastDepth, ...template }), rules);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

function state(type: string, content: JsonObject, stateKey = ''): Pdu {
  return pdu({ type, stateKey, content });
}

function stored(event: Pdu, changes: Partial<StoredEvent> = {}): StoredEvent {
  return {
    pdu: event,
    position: 1,
    verdict: 'accepted',
    place: 'timeline',
    redactedBy: undefined,
    transaction: undefined,
    replaces: undefined,
    ...changes,
  };
}

/** Views of one room with this current state, which is also the state at every event. */
function viewsOf(given: {
  readonly events?: readonly StoredEvent[];
  readonly state?: readonly Pdu[];
  readonly servers?: readonly ServerName[];
}): Partial<RoomViews> {
  const { events = [], state: held = [], servers = [OURS, THEIRS] } = given;
  const find = (eventId: EventId) => events.find((event) => event.pdu.eventId === eventId);
  return {
    findRoom: async (roomId: RoomId) =>
      roomId === ROOM ? { roomId, rules, residence: 'joined' } : undefined,
    findRoomOf: async (eventId) => (find(eventId) === undefined ? undefined : ROOM),
    findEvent: async (_roomId, eventId) => find(eventId),
    currentState: async () => stateOf(held),
    stateBefore: async () => stateOf(held),
    joinedServers: async () => servers,
    authChain: async (_roomId, ids) =>
      [...events, ...held.map((event) => stored(event))]
        .map((event) => event.pdu)
        .filter((event) => ids.includes(event.eventId)),
  };
}

/** Calls as `theirs.test`, and holds every answer against the specification's schema. */
async function call(
  given: Parameters<typeof stubPorts>[0],
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  body?: unknown,
) {
  const app = createApp({
    routes: federationRoutes(stubPorts(given)),
    authenticators: { federation: async () => THEIRS },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const answer = await app.inject({
    method,
    url: path,
    headers: { authorization: 'X-Matrix test' },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  const json = answer.json();
  expectContract({ method, path, status: answer.statusCode, body: json });
  return { status: answer.statusCode, body: json };
}

const v1 = (path: string) => `/_matrix/federation/v1/${path}`;
const v2 = (path: string) => `/_matrix/federation/v2/${path}`;
const segment = encodeURIComponent;

const acl = state('m.room.server_acl', { allow: ['*'], deny: ['theirs.test'] });
const joinedOnly = state('m.room.history_visibility', { history_visibility: 'joined' });
const theirMember = state('m.room.member', { membership: 'join' }, '@bob:theirs.test');
const create = state('m.room.create', { room_version: '11' });

describe('discovery', () => {
  it('says what runs here', async () => {
    const { body } = await call({}, 'GET', v1('version'));
    expect(body).toEqual({ server: { name: 'Hansa', version: '1.2.3' } });
  });

  it('publishes keys that check, for a day', async () => {
    const ports = stubPorts({});
    const { body } = await call({}, 'GET', '/_matrix/key/v2/server');
    const now = ports.clock.now();
    const keys = parseServerKeys(body, OURS, now);
    expect(keys).toMatchObject({ ok: true, value: { validUntilTs: now + 24 * 3_600_000 } });
  });

  it('names who speaks for us, where somebody else does', async () => {
    const path = '/.well-known/matrix/server';
    const delegated = await call({ delegate: 'fed.ours.test:443' }, 'GET', path);
    expect(delegated.body).toEqual({ 'm.server': 'fed.ours.test:443' });
    expect(await call({}, 'GET', path)).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
  });
});

describe('joining and leaving', () => {
  const template = {
    rules,
    event: pdu({
      type: 'm.room.member',
      stateKey: '@b:theirs.test',
      sender: '@b:theirs.test' as never,
      content: { membership: 'join' },
    }).json,
  };
  const member = segment('@b:theirs.test');

  it.each([
    ['make_join', '?ver=11&ver=12', { membership: 'join', supportedVersions: ['11', '12'] }],
    ['make_join', '', { membership: 'join', supportedVersions: ['1'] }],
    ['make_knock', '?ver=11', { membership: 'knock', supportedVersions: ['11'] }],
    ['make_leave', '', { membership: 'leave' }],
  ])('%s%s asks the engine for a template', async (endpoint, query, asked) => {
    const seen: unknown[] = [];
    const engine = { makeMembership: async (request: unknown) => (seen.push(request), template) };
    const path = v1(`${endpoint}/${segment(ROOM)}/${member}${query}`);
    const { body } = await call({ engine, views: viewsOf({}) }, 'GET', path);
    expect(body).toEqual({ room_version: '11', event: template.event });
    expect(seen).toMatchObject([
      { origin: THEIRS, roomId: ROOM, userId: '@b:theirs.test', ...asked },
    ]);
  });

  it.each([
    ['a user of another server', 'make_join', segment('@b:other.test'), 403],
    ['a user of another server', 'make_knock', `${segment('@b:other.test')}?ver=11`, 403],
    ['a knock that offers no version', 'make_knock', member, 400],
    ['a user of ours', 'make_leave', segment('@b:ours.test'), 403],
    ['no user', 'make_join', 'b', 400],
  ])('refuses %s: %s', async (_what, endpoint, user, status) => {
    const path = v1(`${endpoint}/${segment(ROOM)}/${user}`);
    expect(await call({ views: viewsOf({}) }, 'GET', path)).toMatchObject({ status });
  });

  it('answers send_join with the state before it, by the event that the path names', async () => {
    const event = pdu({ type: 'm.room.member', stateKey: '@b:theirs.test' });
    const seen: unknown[] = [];
    const engine = {
      acceptJoin: async (request: unknown) => {
        seen.push(request);
        return { event, state: [create, acl], authChain: [create], serversInRoom: [OURS] };
      },
    };
    const path = v2(`send_join/${segment(ROOM)}/${segment(event.eventId)}?omit_members=true`);
    const { body } = await call({ engine, views: viewsOf({}) }, 'PUT', path, event.json);
    expect(seen).toEqual([
      { origin: THEIRS, roomId: ROOM, eventId: event.eventId, event: event.json },
    ]);
    expect(body).toEqual({
      origin: OURS,
      event: event.json,
      state: [create.json, acl.json],
      auth_chain: [create.json],
      members_omitted: false,
      servers_in_room: [OURS],
    });
  });

  it('answers send_knock with what tells of the room', async () => {
    const event = pdu({ type: 'm.room.member', stateKey: '@b:theirs.test' });
    const seen: unknown[] = [];
    const engine = {
      acceptKnock: async (request: unknown) => (seen.push(request), [create.json]),
    };
    const path = v1(`send_knock/${segment(ROOM)}/${segment(event.eventId)}`);
    const { body } = await call({ engine, views: viewsOf({}) }, 'PUT', path, event.json);
    expect(body).toEqual({ knock_room_state: [create.json] });
    const request = { origin: THEIRS, roomId: ROOM, eventId: event.eventId, event: event.json };
    expect(seen).toEqual([request]);
  });

  it('answers send_leave with nothing', async () => {
    const event = pdu();
    const engine = { acceptLeave: async () => {} };
    const path = v2(`send_leave/${segment(ROOM)}/${segment(event.eventId)}`);
    expect(await call({ engine, views: viewsOf({}) }, 'PUT', path, event.json)).toEqual({
      status: 200,
      body: {},
    });
  });

  it('signs invites by both versions of the endpoint', async () => {
    const event = state('m.room.member', { membership: 'invite' }, '@a:ours.test');
    const signed = { ...event.json, signatures: { 'ours.test': { 'ed25519:a': 'x' } } };
    const seen: unknown[] = [];
    const engine = { receiveInvite: async (invite: unknown) => (seen.push(invite), signed) };
    const accounts = { findAccount: async () => ({}) as never };
    const ports = { engine, accounts, views: viewsOf({}) };
    const path = `invite/${segment(ROOM)}/${segment(event.eventId)}`;
    const body = { room_version: '11', event: event.json, invite_room_state: [create.json] };
    expect((await call(ports, 'PUT', v2(path), body)).body).toEqual({ event: signed });
    const old = { ...event.json, unsigned: { invite_room_state: [create.json] } };
    expect((await call(ports, 'PUT', v1(path), old)).body).toEqual([200, { event: signed }]);
    const common = { origin: THEIRS, roomId: ROOM, eventId: event.eventId, via: [THEIRS] };
    expect(seen).toMatchObject([
      { ...common, rules: { id: '11' }, event: event.json, inviteState: [create.json] },
      { ...common, rules: { id: '1' }, inviteState: [create.json] },
    ]);
  });

  it.each([
    ['does not exist', undefined],
    ['has gone', { deactivatedAt: 1 }],
  ])('takes no invite for somebody who %s', async (_what, account) => {
    const event = state('m.room.member', { membership: 'invite' }, '@a:ours.test');
    const accounts = { findAccount: async () => account as never };
    const ports = { accounts, views: viewsOf({}) };
    const path = `invite/${segment(ROOM)}/${segment(event.eventId)}`;
    const body = { room_version: '11', event: event.json };
    const refusal = { status: 403, body: { errcode: 'M_FORBIDDEN' } };
    expect(await call(ports, 'PUT', v2(path), body)).toMatchObject(refusal);
    expect(await call(ports, 'PUT', v1(path), event.json)).toMatchObject(refusal);
  });

  it('refuses an invite to a room of a version that it does not have', async () => {
    const path = v2(`invite/${segment(ROOM)}/${segment(pdu().eventId)}`);
    const answer = await call({}, 'PUT', path, { room_version: '99', event: {} });
    expect(answer).toMatchObject({
      status: 400,
      body: { errcode: 'M_INCOMPATIBLE_ROOM_VERSION', room_version: '99' },
    });
  });
});

describe('transactions', () => {
  const good = pdu();
  const bad = pdu();
  const body = { origin: THEIRS, origin_server_ts: 1, pdus: [good.json, bad.json] };
  const engine = {
    receive: async () =>
      new Map([
        [good.eventId, undefined],
        [bad.eventId, { error: 'no' }],
      ]),
  };

  it('are answered event by event', async () => {
    expect(await call({ engine }, 'PUT', v1('send/t1'), body)).toEqual({
      status: 200,
      body: { pdus: { [good.eventId]: {}, [bad.eventId]: { error: 'no' } } },
    });
  });

  it.each([
    ['fifty events', { pdus: Array.from({ length: 50 }, () => ({})) }, 200],
    ['fifty-one events', { pdus: Array.from({ length: 51 }, () => ({})) }, 400],
    ['a hundred EDUs', { pdus: [], edus: Array.from({ length: 100 }, () => ({})) }, 200],
    ['a hundred and one EDUs', { pdus: [], edus: Array.from({ length: 101 }, () => ({})) }, 400],
    ['something that is no event', { pdus: [1, null, 'x'] }, 200],
  ])('of %s', async (_what, content, status) => {
    const path = v1('send/t1');
    const answer = await call({ engine: { receive: async () => new Map() } }, 'PUT', path, content);
    expect(answer).toMatchObject({ status });
  });
});

describe('history', () => {
  const first = pdu();
  const second = pdu({ prevEvents: [first.eventId] });
  const third = pdu({ prevEvents: [second.eventId] });
  const events = [first, second, third].map((event) => stored(event));

  it('is walked back from the events named, newest first', async () => {
    const asked: unknown[] = [];
    const walkBack = async (query: unknown) => (asked.push(query), [...events].reverse());
    const views = { ...viewsOf({ events }), walkBack };
    const path = v1(`backfill/${segment(ROOM)}?v=${segment(third.eventId)}&v=x&limit=1000`);
    const { body } = await call({ views }, 'GET', path);
    expect(body.pdus).toEqual([third.json, second.json, first.json]);
    expect(asked).toMatchObject([{ roomId: ROOM, from: [third.eventId], limit: 100 }]);
  });

  it('gives what is missing, oldest first, from the parents of what is known', async () => {
    const asked: unknown[] = [];
    const walkBack = async (query: unknown) => (
      asked.push(query),
      [events[1], events[0]] as StoredEvent[]
    );
    const views = { ...viewsOf({ events }), walkBack };
    const path = v1(`get_missing_events/${segment(ROOM)}`);
    const request = {
      earliest_events: [],
      latest_events: [third.eventId],
      limit: 100,
      min_depth: 3,
    };
    const { body } = await call({ views }, 'POST', path, request);
    expect(body.events).toEqual([first.json, second.json]);
    expect(asked).toMatchObject([
      { from: [second.eventId], stopAt: new Set([third.eventId]), limit: 20, minDepth: 3 },
    ]);
  });

  it.each([
    ['accepted', 'timeline'],
    ['soft-failed', 'timeline'],
    ['accepted', 'outlier'],
  ] as const)('has a single event that is %s, %s', async (verdict, place) => {
    const views = viewsOf({ events: [stored(first, { verdict, place })] });
    const answer = await call({ views }, 'GET', v1(`event/${segment(first.eventId)}`));
    expect(answer.body.pdus).toEqual([first.json]);
  });

  it.each(['rejected', 'quarantined'] as const)('has no event that is %s', async (verdict) => {
    const views = viewsOf({ events: [stored(first, { verdict })] });
    const answer = await call({ views }, 'GET', v1(`event/${segment(first.eventId)}`));
    expect(answer).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
  });

  it('comes redacted where the server may not see it', async () => {
    const path = v1(`event/${segment(first.eventId)}`);
    const hidden = viewsOf({ events, state: [joinedOnly] });
    expect((await call({ views: hidden }, 'GET', path)).body.pdus).toEqual([
      redact(first.json, rules),
    ]);
    const seen = viewsOf({ events, state: [joinedOnly, theirMember] });
    expect((await call({ views: seen }, 'GET', path)).body.pdus).toEqual([first.json]);
  });

  it('gives the state before an event and its auth chain, as events and as ids', async () => {
    const views = viewsOf({ events, state: [create, joinedOnly] });
    const query = `${segment(ROOM)}?event_id=${segment(first.eventId)}`;
    expect((await call({ views }, 'GET', v1(`state/${query}`))).body).toEqual({
      pdus: [create.json, joinedOnly.json],
      auth_chain: [create.json, joinedOnly.json],
    });
    expect((await call({ views }, 'GET', v1(`state_ids/${query}`))).body).toEqual({
      pdu_ids: [create.eventId, joinedOnly.eventId],
      auth_chain_ids: [create.eventId, joinedOnly.eventId],
    });
  });

  it('gives the auth chain of an event without the event', async () => {
    const views = viewsOf({ events: [stored(first)], state: [create] });
    const authChain = async () => [create, first];
    const path = v1(`event_auth/${segment(ROOM)}/${segment(first.eventId)}`);
    const { body } = await call({ views: { ...views, authChain } }, 'GET', path);
    expect(body).toEqual({ auth_chain: [create.json] });
  });

  it.each(['state', 'state_ids'])('knows no %s at what it does not have', async (endpoint) => {
    const query = `${segment(ROOM)}?event_id=${segment(third.eventId)}`;
    const missing = await call({ views: viewsOf({}) }, 'GET', v1(`${endpoint}/${query}`));
    expect(missing).toMatchObject({ status: 404, body: { errcode: 'M_NOT_FOUND' } });
    const outlier = viewsOf({ events: [stored(third, { place: 'outlier' })] });
    expect(await call({ views: outlier }, 'GET', v1(`${endpoint}/${query}`))).toMatchObject({
      status: 404,
    });
  });
});

describe('who may ask', () => {
  const event = pdu();
  const id = segment(event.eventId);
  const room = segment(ROOM);
  const member = segment('@b:theirs.test');

  const handshakes = [
    ['GET', v1(`make_join/${room}/${member}`)],
    ['GET', v1(`make_knock/${room}/${member}?ver=11`)],
    ['PUT', v1(`send_knock/${room}/${id}`)],
    ['GET', v1(`make_leave/${room}/${member}`)],
    ['PUT', v2(`send_join/${room}/${id}`)],
    ['PUT', v2(`send_leave/${room}/${id}`)],
  ] as const;
  const reads = [
    ['GET', v1(`backfill/${room}?v=${id}&limit=1`)],
    ['POST', v1(`get_missing_events/${room}`)],
    ['GET', v1(`event/${id}`)],
    ['GET', v1(`event_auth/${room}/${id}`)],
    ['GET', v1(`state/${room}?event_id=${id}`)],
    ['GET', v1(`state_ids/${room}?event_id=${id}`)],
  ] as const;
  const invites = [
    ['PUT', v1(`invite/${room}/${id}`)],
    ['PUT', v2(`invite/${room}/${id}`)],
  ] as const;

  const anyBody = {
    earliest_events: [],
    latest_events: [],
    room_version: '11',
    event: event.json,
  };
  const bodyFor = (method: string) => (method === 'GET' ? undefined : anyBody);

  it.each([...handshakes, ...reads, ...invites])(
    'not whom the room denies: %s %s',
    async (method, path) => {
      const views = viewsOf({ events: [stored(event)], state: [acl] });
      expect(await call({ views }, method, path, bodyFor(method))).toMatchObject({
        status: 403,
        body: { errcode: 'M_FORBIDDEN' },
      });
    },
  );

  it.each(reads)('not who is not in the room: %s %s', async (method, path) => {
    const views = viewsOf({ events: [stored(event)], servers: [OURS] });
    expect(await call({ views }, method, path, bodyFor(method))).toMatchObject({
      status: 403,
      body: { errcode: 'M_FORBIDDEN' },
    });
  });

  it.each(handshakes)('not of a room that we are not in: %s %s', async (method, path) => {
    const findRoom = async (roomId: RoomId) => ({ roomId, rules, residence: 'left' as const });
    const views = { ...viewsOf({ events: [stored(event)] }), findRoom };
    expect(await call({ views }, method, path, bodyFor(method))).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
  });

  it.each(reads)('not of a room that we were never in: %s %s', async (method, path) => {
    const views = { ...viewsOf({ events: [stored(event)] }), findRoom: async () => undefined };
    expect(await call({ views }, method, path, bodyFor(method))).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    });
  });

  // Found by the simulator, seed 64883873: what was said last before we left stood on what others could not get.
  it('who was in a room with us that we have left, and nobody else', async () => {
    const findRoom = async (roomId: RoomId) => ({ roomId, rules, residence: 'left' as const });
    const known = { ...viewsOf({ events: [stored(event)] }), findRoom };
    const path = v1(`event/${id}`);
    expect(await call({ views: known }, 'GET', path)).toMatchObject({ status: 200 });
    const alone = { ...viewsOf({ events: [stored(event)], servers: [OURS] }), findRoom };
    expect(await call({ views: alone }, 'GET', path)).toMatchObject({ status: 403 });
  });
});

describe('queries', () => {
  const alias = segment('#a:ours.test');
  const entry = { alias: '#a:ours.test', roomId: ROOM, creator: '@a:ours.test' } as never;

  it('resolve our aliases, and name ourselves first', async () => {
    const directory = { findAlias: async () => entry };
    const views = { joinedServers: async () => [THEIRS, OURS] };
    const path = v1(`query/directory?room_alias=${alias}`);
    expect((await call({ directory, views }, 'GET', path)).body).toEqual({
      room_id: ROOM,
      servers: [OURS, THEIRS],
    });
    const nothing = { findAlias: async () => undefined };
    expect(await call({ directory: nothing }, 'GET', path)).toMatchObject({ status: 404 });
  });

  it.each([
    ['', 200, { displayname: 'A' }],
    ['&field=displayname', 200, { displayname: 'A' }],
    ['&field=avatar_url', 200, {}],
    ['&field=m.tz', 404, { errcode: 'M_NOT_FOUND', error: 'There is no such field.' }],
  ])('tell profiles%s: %i', async (field, status, body) => {
    const accounts = { findProfile: async () => ({ displayName: 'A', avatarUrl: undefined }) };
    const path = v1(`query/profile?user_id=${segment('@a:ours.test')}${field}`);
    const answer = await call({ accounts }, 'GET', path);
    expect(answer).toEqual({ status, body });
  });

  it.each([
    ['@nobody:ours.test', 404],
    ['@b:theirs.test', 400],
    ['nobody', 400],
  ])('[SEC-22] know no profile of %s: %i', async (userId, status) => {
    const accounts = { findProfile: async () => undefined };
    const path = v1(`query/profile?user_id=${segment(userId)}`);
    expect(await call({ accounts }, 'GET', path)).toMatchObject({ status });
  });

  describe('of the published rooms', () => {
    const ids = ['!a:ours.test', '!b:ours.test', '!c:ours.test', '!gone:ours.test'] as RoomId[];
    const states = new Map([
      ['!a:ours.test', [state('m.room.name', { name: 'Harbour' }), create]],
      [
        '!b:ours.test',
        [
          state('m.room.topic', { topic: 'the harbour' }),
          state('m.room.join_rules', { join_rule: 'knock' }),
        ],
      ],
      [
        '!c:ours.test',
        [
          state('m.room.create', { type: 'm.space' }),
          state('m.room.history_visibility', { history_visibility: 'world_readable' }),
        ],
      ],
    ]);
    const ports = {
      directory: {
        listPublished: async ({ after, limit }: { after?: RoomId; limit: number }) =>
          ids.filter((id) => after === undefined || id > after).slice(0, limit),
      },
      views: {
        findRoom: async (roomId: RoomId) => ({
          roomId,
          rules,
          residence: states.has(roomId) ? ('joined' as const) : ('left' as const),
        }),
        currentState: async (roomId: RoomId) => stateOf(states.get(roomId) ?? []),
        countJoined: async () => 1,
      },
    };
    const idsOf = (body: { readonly chunk: readonly { readonly room_id: string }[] }) =>
      body.chunk.map((room) => room.room_id);

    it('tell what directories show, of rooms that we are in', async () => {
      const { body } = await call(ports, 'GET', v1('publicRooms'));
      const common = { num_joined_members: 1, guest_can_join: false };
      expect(body).toEqual({
        chunk: [
          { room_id: '!a:ours.test', name: 'Harbour', world_readable: false, ...common },
          {
            room_id: '!b:ours.test',
            topic: 'the harbour',
            join_rule: 'knock',
            world_readable: false,
            ...common,
          },
          { room_id: '!c:ours.test', room_type: 'm.space', world_readable: true, ...common },
        ],
      });
    });

    it('go page by page', async () => {
      const first = await call(ports, 'GET', v1('publicRooms?limit=2'));
      expect(idsOf(first.body)).toEqual(['!a:ours.test', '!b:ours.test']);
      const next = segment(first.body.next_batch);
      const second = await call(ports, 'GET', v1(`publicRooms?limit=2&since=${next}`));
      expect(idsOf(second.body)).toEqual(['!c:ours.test']);
      expect(second.body).not.toHaveProperty('next_batch');
      expect(await call(ports, 'GET', v1('publicRooms?since=x'))).toMatchObject({ status: 400 });
    });

    it.each([
      [{}, ['!a:ours.test', '!b:ours.test', '!c:ours.test']],
      [{ filter: { generic_search_term: 'HARB' } }, ['!a:ours.test', '!b:ours.test']],
      [{ filter: { room_types: [null] } }, ['!a:ours.test', '!b:ours.test']],
      [{ filter: { room_types: ['m.space'] } }, ['!c:ours.test']],
      [{ filter: { room_types: [] } }, []],
      [{ limit: 1 }, ['!a:ours.test']],
    ])('take a filter: %j', async (body, expected) => {
      const answer = await call(ports, 'POST', v1('publicRooms'), body);
      expect(idsOf(answer.body)).toEqual(expected);
    });
  });

  describe('about users elsewhere, whom we happen to know', () => {
    const them = '@b:third.test';
    const everything = {
      accounts: {
        findProfile: async () => ({ displayName: 'B', avatarUrl: 'mxc://third.test/b' }),
        findAccount: async () => ({ userId: them }) as never,
      },
      directory: {
        findAlias: async () => ({ ...(entry as object), alias: '#b:third.test' }) as never,
      },
      views: { joinedServers: async () => [THEIRS, OURS] },
    };

    it.each([
      ['GET', v1(`query/profile?user_id=${segment(them)}`), undefined, 400],
      ['GET', v1(`user/devices/${segment(them)}`), undefined, 400],
      ['GET', v1(`query/directory?room_alias=${segment('#b:third.test')}`), undefined, 404],
    ] as const)('[SEC-22] are refused: %s %s', async (method, path, body, status) => {
      expect(await call(everything, method, path, body)).toMatchObject({ status });
    });

    it.each([
      ['query', 'device_keys', { [them]: [] }],
      ['claim', 'one_time_keys', { [them]: { D: 'signed_curve25519' } }],
    ])('[SEC-22] have no keys: %s', async (endpoint, name, asked) => {
      const answer = await call(everything, 'POST', v1(`user/keys/${endpoint}`), { [name]: asked });
      expect(answer.body).toEqual({ [name]: {} });
    });
  });

  it('[SEC-22] list no devices with keys, as there are none', async () => {
    const accounts = { findAccount: async () => ({}) as never };
    const devices = await call({ accounts }, 'GET', v1(`user/devices/${segment('@a:ours.test')}`));
    expect(devices.body).toEqual({ user_id: '@a:ours.test', stream_id: 0, devices: [] });
    const query = { device_keys: { '@a:ours.test': [] } };
    expect((await call({}, 'POST', v1('user/keys/query'), query)).body).toEqual({
      device_keys: {},
    });
    const claim = { one_time_keys: { '@a:ours.test': { D: 'signed_curve25519' } } };
    expect((await call({}, 'POST', v1('user/keys/claim'), claim)).body).toEqual({
      one_time_keys: {},
    });
  });
});
