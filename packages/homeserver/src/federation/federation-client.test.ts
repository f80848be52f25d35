import { RemoteServerError } from '@hansa/net';
import type { IncomingAnswer, OutgoingRequest } from '@hansa/net';
import {
  createSigningKey,
  getRoomVersion,
  parseAuthorization,
  parseJson,
  parsePdu,
  SUPPORTED_ROOM_VERSIONS,
  verifyRequest,
} from '@hansa/protocol';
import type {
  EventId,
  Pdu,
  RoomAlias,
  RoomId,
  RoomVersionId,
  ServerName,
  UserId,
} from '@hansa/protocol';
import { sampleEvent } from '@hansa/protocol/testing/sample-event';
import { verifyKeyOf } from '@hansa/protocol/testing/test-keys';
import { describe, expect, it } from 'vitest';
import { expectRequestContract } from '../federation-api/testing/contract.ts';
import { getServerKeys } from './endpoints/get-server-keys.ts';
import { sendTransaction } from './endpoints/send-transaction.ts';
import { createFederationClient } from './federation-client.ts';
import type { FederationClient } from './federation-client.ts';
import { FederationHttp } from './federation-http.ts';

const OURS = 'ours.test' as ServerName;
const THEIRS = 'theirs.test' as ServerName;
const signingKey = createSigningKey('a', new Uint8Array(32).fill(7));
const roomId = '!r/o om:theirs.test' as RoomId;
const userId = '@ü:ours.test' as UserId;

const member = (membership: string, version: RoomVersionId = '11'): Pdu => {
  const rules = getRoomVersion(version);
  const content = { membership };
  const event = sampleEvent(rules, { type: 'm.room.member', stateKey: '@a:example.org', content });
  const parsed = parsePdu(event, rules);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
};
const join = member('join');
const id = encodeURIComponent;

type Reply = readonly [status: number, body: string];

/** A peer that answers what it is told, in turn; the requests that came, with their signatures checked. */
function peer(...replies: readonly Reply[]) {
  const left = [...replies];
  const requests: OutgoingRequest[] = [];
  const http = new FederationHttp({
    own: { serverName: OURS, signingKey, retiredKeys: [] },
    transport: {
      async request(request): Promise<IncomingAnswer> {
        requests.push(request);
        const [status, body] = left.shift() ?? [500, ''];
        return { status, headers: new Map(), body: Buffer.from(body) };
      },
    },
  });
  return { http, client: createFederationClient(http), requests };
}

function contentOf({ body }: OutgoingRequest) {
  const json = body === undefined ? undefined : parseJson(body);
  return json?.ok === true ? json.value : undefined;
}

function expectSigned(request: OutgoingRequest): void {
  const header = parseAuthorization(request.headers['authorization'] ?? '');
  if (!header.ok) throw new Error(header.reason);
  expect(header.value).toMatchObject({ origin: OURS, destination: THEIRS, key: 'ed25519:a' });
  const content = contentOf(request);
  const signed = {
    method: request.method,
    uri: request.path,
    destination: THEIRS,
    ...(content === undefined ? {} : { content }),
  };
  expect(verifyRequest(signed, header.value, verifyKeyOf(signingKey.publicKey))).toEqual({
    ok: true,
  });
}

const versions = SUPPORTED_ROOM_VERSIONS.map((version) => `ver=${version}`).join('&');
const room = '!r%2Fo%20om%3Atheirs.test';
const eventId = join.eventId;
const e = { type: 'x' };

type Call = (client: FederationClient, http: FederationHttp) => Promise<unknown>;

const calls: readonly (readonly [string, string, Call, object, unknown])[] = [
  [
    'GET',
    `/_matrix/federation/v1/make_join/${room}/%40%C3%BC%3Aours.test?${versions}`,
    (client) => client.makeJoin(THEIRS, roomId, userId),
    { room_version: '11', event: e },
    { rules: getRoomVersion('11'), event: e },
  ],
  [
    'PUT',
    `/_matrix/federation/v2/send_join/${id(join.roomId)}/${id(eventId)}`,
    (client) => client.sendJoin(THEIRS, join),
    { state: [e], auth_chain: [], event: e, origin: THEIRS },
    { state: [e], authChain: [], event: e },
  ],
  [
    'GET',
    `/_matrix/federation/v1/make_leave/${room}/%40%C3%BC%3Aours.test`,
    (client) => client.makeLeave(THEIRS, roomId, userId),
    { event: e },
    { rules: getRoomVersion('1'), event: e },
  ],
  [
    'PUT',
    `/_matrix/federation/v2/send_leave/${id(join.roomId)}/${id(eventId)}`,
    (client) => client.sendLeave(THEIRS, member('join')),
    {},
    undefined,
  ],
  [
    'PUT',
    `/_matrix/federation/v2/invite/${id(join.roomId)}/${id(eventId)}`,
    (client) => client.invite(THEIRS, join, [e]),
    { event: e },
    e,
  ],
  [
    'POST',
    `/_matrix/federation/v1/get_missing_events/${room}`,
    (client) =>
      client.getMissingEvents(THEIRS, {
        roomId,
        earliest: [],
        latest: [eventId],
        limit: 5,
        minDepth: 1,
      }),
    { events: [e] },
    [e],
  ],
  [
    'GET',
    `/_matrix/federation/v1/backfill/${room}?v=${id(eventId)}&v=${id(eventId)}&limit=7`,
    (client) => client.backfill(THEIRS, roomId, [eventId, eventId], 7),
    { origin: THEIRS, origin_server_ts: 1, pdus: [e] },
    [e],
  ],
  [
    'GET',
    `/_matrix/federation/v1/state_ids/${room}?event_id=${id(eventId)}`,
    (client) => client.stateIds(THEIRS, roomId, eventId),
    { pdu_ids: [eventId], auth_chain_ids: [] },
    { state: [eventId], authChain: [] },
  ],
  [
    'GET',
    `/_matrix/federation/v1/state/${room}?event_id=${id(eventId)}`,
    (client) => client.state(THEIRS, roomId, eventId),
    { pdus: [e], auth_chain: [e] },
    { state: [e], authChain: [e] },
  ],
  [
    'GET',
    `/_matrix/federation/v1/event/${id(eventId)}`,
    (client) => client.event(THEIRS, eventId),
    { pdus: [e] },
    e,
  ],
  [
    'GET',
    '/_matrix/federation/v1/query/directory?room_alias=%23a%3Atheirs.test',
    (client) => client.queryDirectory(THEIRS, '#a:theirs.test' as RoomAlias),
    { room_id: '!a:theirs.test', servers: [THEIRS, 'not a server'] },
    { roomId: '!a:theirs.test', servers: [THEIRS] },
  ],
  [
    'GET',
    '/_matrix/federation/v1/query/profile?user_id=%40a%3Atheirs.test&field=displayname',
    (client) => client.queryProfile(THEIRS, '@a:theirs.test' as UserId, 'displayname'),
    { displayname: 'A', avatar_url: null, 'm.tz': 'x' },
    { displayname: 'A' },
  ],
  [
    'PUT',
    '/_matrix/federation/v1/send/t%2F1',
    (_client, http) =>
      sendTransaction(
        http,
        THEIRS,
        { transactionId: 't/1', content: { origin: OURS, origin_server_ts: 1, pdus: [] } },
        new AbortController().signal,
      ),
    { pdus: { [eventId]: { error: 'no' }, $other: {}, nonsense: { error: 'x' } } },
    new Map([[eventId, 'no']]),
  ],
];

describe('the federation client', () => {
  it.each(calls)(
    'says whom each request is for, and signs it (SEC-17): %s %s',
    async (method, path, call, answer, result) => {
      const { http, client, requests } = peer([200, JSON.stringify(answer)]);
      expect(await call(client, http)).toEqual(result);
      expect(requests).toMatchObject([{ server: THEIRS, method, path }]);
      for (const request of requests) {
        expectSigned(request);
        const body = contentOf(request);
        if (body !== undefined) expectRequestContract({ method, path, body });
      }
    },
  );

  it('[SEC-48] shows no name of another server that is longer than ours may be', async () => {
    const profileOf = async (displayname: string) => {
      const { client } = peer([
        200,
        JSON.stringify({ displayname, avatar_url: 'x'.repeat(10_000) }),
      ]);
      return await client.queryProfile(THEIRS, '@a:theirs.test' as UserId);
    };
    expect(await profileOf('x'.repeat(10_000))).toEqual({});
    expect(await profileOf('x'.repeat(256))).toEqual({ displayname: 'x'.repeat(256) });
  });

  it.each<[string, (deep: string) => string, Call]>([
    [
      'send_join',
      (deep) => `{"state":[${deep}],"auth_chain":[],"event":{}}`,
      (client) => client.sendJoin(THEIRS, join),
    ],
    [
      'state',
      (deep) => `{"pdus":[${deep}],"auth_chain":[]}`,
      (client) => client.state(THEIRS, roomId, eventId),
    ],
    [
      'backfill',
      (deep) => `{"pdus":[${deep}]}`,
      (client) => client.backfill(THEIRS, roomId, [eventId], 1),
    ],
    [
      'get_missing_events',
      (deep) => `{"events":[${deep}]}`,
      (client) => {
        const query = { roomId, earliest: [], latest: [], limit: 1, minDepth: 0 };
        return client.getMissingEvents(THEIRS, query);
      },
    ],
    ['event', (deep) => `{"pdus":[${deep}]}`, (client) => client.event(THEIRS, eventId)],
  ])('leaves it to others to judge how deep an event is: %s', async (_what, answer, call) => {
    const deep = `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`;
    const { client, http } = peer([200, answer(deep)]);
    expect(JSON.stringify(await call(client, http))).toContain(deep);
  });

  it.each([
    ['a code', '{"errcode":"M_FORBIDDEN","error":"no"}', 'M_FORBIDDEN'],
    ['a code of its own', '{"errcode":"ORG.EXAMPLE_X-1"}', 'ORG.EXAMPLE_X-1'],
    ['a novel', JSON.stringify({ errcode: 'M_'.padEnd(5_000, 'X') }), undefined],
    ['lines for our log', '{"errcode":"M_X\\n{}"}', undefined],
    ['markup for our users', '{"errcode":"<b>"}', undefined],
    ['more than a refusal needs', `{"errcode":"M_X","x":"${'x'.repeat(70_000)}"}`, undefined],
  ])('hands on nothing of a refusal but its code: %s', async (_what, body, errcode) => {
    const { client } = peer([400, body]);
    const error = await client.makeLeave(THEIRS, roomId, userId).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RemoteServerError);
    expect(error).toMatchObject({ status: 400, errcode });
    expect(JSON.stringify(error).length).toBeLessThan(500);
    expect((error as RemoteServerError).message).toBe(
      `theirs.test answered 400${errcode === undefined ? '' : ` ${errcode}`}`,
    );
  });

  it('asks for keys unsigned', async () => {
    const { http, requests } = peer([200, '{"server_name":"theirs.test"}']);
    expect(await getServerKeys(http, THEIRS)).toEqual({ server_name: THEIRS });
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('sends events of old versions with their numbers as they were', async () => {
    const rules = getRoomVersion('5');
    const content = parseJson('{"membership":"join","n":1.0}');
    if (!content.ok) throw new Error(content.reason);
    const event = sampleEvent(rules, { content: content.value as never });
    const { client, requests } = peer([200, '{}']);
    await client.sendLeave(THEIRS, { ...join, rules, json: event });
    expect(requests[0]?.body).toContain('"n":1.0');
  });

  it.each([['1'], ['2']] as const)(
    'asks by the older endpoint for a room of version %s',
    async (version) => {
      const invite = member('invite', version);
      const { client, requests } = peer(
        [404, '{"errcode":"M_UNRECOGNIZED"}'],
        [200, '[200,{"event":{"type":"x"}}]'],
      );
      expect(await client.invite(THEIRS, invite, [e])).toEqual(e);
      const body = requests.map(contentOf)[1];
      expect(body).toMatchObject({ type: 'm.room.member', unsigned: { invite_room_state: [e] } });
      expect(requests[1]?.path).toContain('/v1/invite/');
    },
  );

  it('does not ask twice for a room of a later version', async () => {
    const { client, requests } = peer([404, '{}'], [200, '[200,{"event":{}}]']);
    await expect(client.invite(THEIRS, member('invite'), [])).rejects.toThrow('404');
    expect(requests).toHaveLength(1);
  });

  it('has no event that the server has not', async () => {
    const { client } = peer([404, '{"errcode":"M_NOT_FOUND"}'], [200, '{"pdus":[]}']);
    expect(await client.event(THEIRS, eventId)).toBeUndefined();
    expect(await client.event(THEIRS, eventId)).toBeUndefined();
  });

  it.each<[string, Call]>([
    ['alias', (client) => client.queryDirectory(THEIRS, '#a:theirs.test' as RoomAlias)],
    ['user', (client) => client.queryProfile(THEIRS, '@a:theirs.test' as UserId)],
  ])('tells of an %s that is not there', async (_what, call) => {
    const { client, http } = peer([404, '{"errcode":"M_NOT_FOUND","error":"no"}']);
    await expect(call(client, http)).rejects.toMatchObject({ status: 404, errcode: 'M_NOT_FOUND' });
  });

  it.each([
    [400, false],
    [403, false],
    [404, false],
    [429, true],
    [500, true],
    [503, true],
  ])('says what the server said: %i', async (status, transient) => {
    const body = { errcode: 'M_X', error: 'no', room_version: '9' };
    const { client } = peer([status, JSON.stringify(body)]);
    const error = await client.makeJoin(THEIRS, roomId, userId).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RemoteServerError);
    expect(error).toMatchObject({
      server: THEIRS,
      reachable: true,
      transient,
      status,
      errcode: 'M_X',
      body,
    });
  });

  it.each<[string, string, Call]>([
    ['no JSON', '<html>', (client) => client.makeJoin(THEIRS, roomId, userId)],
    [
      'a repeated key',
      '{"event":{},"event":{}}',
      (client) => client.makeJoin(THEIRS, roomId, userId),
    ],
    ['no event', '{"room_version":"11"}', (client) => client.makeJoin(THEIRS, roomId, userId)],
    [
      'an unknown version',
      '{"room_version":"99","event":{}}',
      (client) => client.makeJoin(THEIRS, roomId, userId),
    ],
    [
      'a number for an event',
      '{"event":1.0}',
      (client) => client.makeLeave(THEIRS, roomId, userId),
    ],
    [
      'members left out',
      '{"state":[],"auth_chain":[],"members_omitted":true}',
      (client) => client.sendJoin(THEIRS, join),
    ],
    [
      'state that is no list',
      '{"state":{},"auth_chain":[]}',
      (client) => client.sendJoin(THEIRS, join),
    ],
    [
      'ids that are none',
      '{"pdu_ids":["x"],"auth_chain_ids":[]}',
      (client) => client.stateIds(THEIRS, roomId, eventId),
    ],
    ['several events', '{"pdus":[{},{}]}', (client) => client.event(THEIRS, '$e:x' as EventId)],
    [
      'no room id',
      '{"room_id":"x","servers":[]}',
      (client) => client.queryDirectory(THEIRS, '#a:b' as RoomAlias),
    ],
  ])('takes no answer with %s', async (_what, body, call) => {
    const { client, http } = peer([200, body]);
    await expect(call(client, http)).rejects.toMatchObject({
      name: 'RemoteServerError',
      reachable: true,
      transient: false,
    });
  });

  it('takes no more events than a missing-events answer may have', async () => {
    const events = JSON.stringify({ events: Array.from({ length: 1_001 }, () => e) });
    const { client } = peer([200, events]);
    const query = { roomId, earliest: [], latest: [], limit: 10, minDepth: 0 };
    await expect(client.getMissingEvents(THEIRS, query)).rejects.toThrow('1000');
  });
});
