import { RemoteServerError } from '@hansa/net';
import {
  createSigningKey,
  getRoomVersion,
  isEventId,
  isObject,
  isRoomId,
  isServerName,
  parsePdu,
} from '@hansa/protocol';
import type {
  EventId,
  JsonObject,
  JsonValue,
  RoomAlias,
  RoomId,
  RoomVersionId,
  ServerName,
  UserId,
} from '@hansa/protocol';
import { fuzzParameters } from '@hansa/protocol/testing/runs';
import { looseJsonValues } from '@hansa/protocol/testing/json-values';
import { mutatedJson } from '@hansa/protocol/testing/mutated-json';
import { sampleEvent } from '@hansa/protocol/testing/sample-event';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePeerJson } from '../http/index.ts';
import { jsonText } from '../http/testing/json-text.ts';
import { getServerKeys } from './endpoints/get-server-keys.ts';
import { sendTransaction } from './endpoints/send-transaction.ts';
import { createFederationClient, type FederationClient } from './federation-client.ts';
import { FederationHttp } from './federation-http.ts';

const THEIRS = 'theirs.test' as ServerName;
const ROOM = '!room:theirs.test' as RoomId;
const USER = '@user:theirs.test' as UserId;
const EVENT = '$0reGTki7ZknTS7ie_9yV10bzjFVunwm760ukXQ0iEE8' as EventId;
/** The least that is read of any answer. */
const MAX_BYTES = 256 * 1024;
const ALIAS = '#alias:theirs.test' as RoomAlias;

const member = (version: RoomVersionId) => {
  const rules = getRoomVersion(version);
  const content = { membership: 'join' };
  const event = sampleEvent(rules, { type: 'm.room.member', stateKey: '@a:example.org', content });
  const parsed = parsePdu(event, rules);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
};
const pdu = member('11');
const oldPdu = member('1');
const event = pdu.json;

/** What the reader of an endpoint may give, and from what. */
interface Endpoint {
  readonly name: string;
  readonly ask: (peer: {
    readonly client: FederationClient;
    readonly http: FederationHttp;
  }) => Promise<unknown>;
  /** Answers as they should be. Each member of them may be named by a refusal. */
  readonly samples: readonly JsonObject[];
  readonly isRead: (value: unknown) => boolean;
}

const areObjects = (values: unknown): boolean =>
  Array.isArray(values) && values.every((each: JsonValue) => isObject(each));
const areEventIds = (values: unknown): boolean =>
  Array.isArray(values) && values.every((each: string) => isEventId(each));
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value as JsonValue);
const isTemplate = (value: unknown): boolean =>
  isRecord(value) && isRecord(value['rules']) && isRecord(value['event']);

const ENDPOINTS: readonly Endpoint[] = [
  {
    name: 'make_join',
    ask: ({ client }) => client.makeJoin(THEIRS, ROOM, USER),
    samples: [{ room_version: '11', event }, { event }],
    isRead: isTemplate,
  },
  {
    name: 'make_leave',
    ask: ({ client }) => client.makeLeave(THEIRS, ROOM, USER),
    samples: [{ room_version: '12', event }],
    isRead: isTemplate,
  },
  {
    name: 'send_join',
    ask: ({ client }) => client.sendJoin(THEIRS, pdu),
    samples: [{ state: [event], auth_chain: [event], event, members_omitted: false }],
    isRead: (value) =>
      isRecord(value) && areObjects(value['state']) && areObjects(value['authChain']),
  },
  {
    name: 'send_leave',
    ask: ({ client }) => client.sendLeave(THEIRS, pdu),
    samples: [{}],
    isRead: (value) => value === undefined,
  },
  {
    name: 'make_knock',
    ask: ({ client }) => client.makeKnock(THEIRS, ROOM, USER),
    samples: [{ room_version: '11', event }],
    isRead: isTemplate,
  },
  {
    name: 'send_knock',
    ask: ({ client }) => client.sendKnock(THEIRS, pdu),
    samples: [{ knock_room_state: [event, event] }],
    isRead: areObjects,
  },
  {
    name: 'invite',
    ask: ({ client }) => client.invite(THEIRS, pdu, []),
    samples: [{ event }],
    isRead: isRecord,
  },
  {
    name: 'get_missing_events',
    ask: ({ client }) => {
      const range = { earliest: [EVENT], latest: [EVENT], limit: 10, minDepth: 0 };
      return client.getMissingEvents(THEIRS, { roomId: ROOM, ...range });
    },
    samples: [{ events: [event, event] }],
    isRead: areObjects,
  },
  {
    name: 'backfill',
    ask: ({ client }) => client.backfill(THEIRS, ROOM, [EVENT], 10),
    samples: [{ pdus: [event, event], origin: THEIRS, origin_server_ts: 1 }],
    isRead: areObjects,
  },
  {
    name: 'state_ids',
    ask: ({ client }) => client.stateIds(THEIRS, ROOM, EVENT),
    samples: [{ pdu_ids: [EVENT, '$a:theirs.test'], auth_chain_ids: [EVENT] }],
    isRead: (value) =>
      isRecord(value) && areEventIds(value['state']) && areEventIds(value['authChain']),
  },
  {
    name: 'state',
    ask: ({ client }) => client.state(THEIRS, ROOM, EVENT),
    samples: [{ pdus: [event], auth_chain: [event] }],
    isRead: (value) =>
      isRecord(value) && areObjects(value['state']) && areObjects(value['authChain']),
  },
  {
    name: 'event',
    ask: ({ client }) => client.event(THEIRS, EVENT),
    samples: [{ pdus: [event] }, { pdus: [] }],
    isRead: (value) => value === undefined || isRecord(value),
  },
  {
    name: 'query/directory',
    ask: ({ client }) => client.queryDirectory(THEIRS, ALIAS),
    samples: [{ room_id: ROOM, servers: [THEIRS, 'b.test:1', '?'] }],
    isRead: (value) =>
      isRecord(value) &&
      isRoomId(value['roomId'] as string) &&
      (value['servers'] as readonly string[]).every(isServerName),
  },
  {
    name: 'query/profile',
    ask: ({ client }) => client.queryProfile(THEIRS, USER),
    samples: [{ displayname: 'Ada', avatar_url: 'mxc://a/b' }, {}],
    isRead: (value) =>
      isRecord(value) && Object.values(value).every((text) => typeof text === 'string'),
  },
  {
    name: 'publicRooms',
    ask: ({ client }) =>
      client.queryPublicRooms(THEIRS, { limit: 10, since: undefined, filter: undefined }),
    samples: [
      {
        chunk: [{ room_id: ROOM, num_joined_members: 3, name: 'Room', world_readable: true }],
        next_batch: 'b',
        prev_batch: 'a',
        total_room_count_estimate: 1,
      },
    ],
    isRead: (value) => isRecord(value) && areObjects(value['chunk']),
  },
  {
    name: 'send',
    ask: ({ http }) => {
      const transaction = { transactionId: 't', content: { pdus: [] } };
      return sendTransaction(http, THEIRS, transaction, new AbortController().signal);
    },
    samples: [{ pdus: { [EVENT]: { error: 'no' }, $b: {} } }, {}],
    isRead: (value) =>
      value instanceof Map &&
      value.entries().every(([id, text]) => isEventId(id) && text.length <= 1_000),
  },
  {
    name: 'key/v2/server',
    ask: ({ http }) => getServerKeys(http, THEIRS),
    samples: [{ server_name: THEIRS, verify_keys: {}, valid_until_ts: 1 }],
    isRead: (value) => value !== undefined,
  },
];

const signingKey = createSigningKey('a', new Uint8Array(32).fill(7));
const own = { serverName: 'ours.test' as ServerName, signingKey, retiredKeys: [] };

/** A peer that answers each request with the next of these, and the last again. */
function peerThatAnswers(...replies: readonly (readonly [status: number, text: string])[]) {
  const left = [...replies];
  const transport = {
    request: () => {
      const [status, text] = (left.length > 1 ? left.shift() : left[0]) ?? [500, ''];
      return Promise.resolve({ status, headers: new Map(), body: Buffer.from(text) });
    },
  };
  const http = new FederationHttp({ own, transport });
  return { http, client: createFederationClient(http) };
}

/** In words that name one of the members; anything else is thrown on. */
function isRefusal(
  error: unknown,
  answer: JsonValue,
  names: readonly string[],
  sent: JsonValue = answer,
): boolean {
  if (!(error instanceof RemoteServerError)) throw error;
  expect(error).toMatchObject({ server: THEIRS, reachable: true, transient: false, status: 200 });
  const [, what = ''] = /^theirs\.test: unusable answer: (.+)$/s.exec(error.message) ?? [];
  const text = Buffer.from(jsonText(sent));
  const isRead = text.length <= MAX_BYTES && parsePeerJson(text, MAX_BYTES).ok;
  return isRead && isObject(answer) ? names.some((name) => what.includes(name)) : what !== '';
}

const anyAnswer = (samples: readonly JsonObject[]): fc.Arbitrary<JsonValue> =>
  fc.oneof(
    { arbitrary: mutatedJson(samples), weight: 9 },
    { arbitrary: looseJsonValues, weight: 1 },
  );

const anyExchange = fc.oneof(
  ...ENDPOINTS.map((endpoint) => fc.tuple(fc.constant(endpoint), anyAnswer(endpoint.samples))),
);

it('any answer of an endpoint is read or refused, named', async () => {
  await fc.assert(
    fc.asyncProperty(anyExchange, async ([{ ask, samples, isRead }, answer]) => {
      const names = samples.flatMap((sample) => Object.keys(sample));
      return await ask(peerThatAnswers([200, jsonText(answer)])).then(isRead, (error: unknown) =>
        isRefusal(error, answer, names),
      );
    }),
    fuzzParameters(),
  );
});

it('any answer of the first version of invite is read or refused, named', async () => {
  await fc.assert(
    fc.asyncProperty(anyAnswer([{ event: oldPdu.json }]), async (second) => {
      const sent = [200, second];
      const peer = peerThatAnswers([404, '{}'], [200, jsonText(sent)]);
      return await peer.client
        .invite(THEIRS, oldPdu, [])
        .then(isRecord, (error: unknown) => isRefusal(error, second, ['event'], sent));
    }),
    fuzzParameters(),
  );
});

it('any refusal says who answered what, whatever its body is', async () => {
  const bodies = anyAnswer([{ errcode: 'M_FORBIDDEN', error: 'no', retry_after_ms: 1 }]);
  const statuses = fc.constantFrom(204, 301, 400, 403, 429, 500);
  await fc.assert(
    fc.asyncProperty(bodies, statuses, async (body, status) => {
      const { client } = peerThatAnswers([status, jsonText(body)]);
      await expect(client.event(THEIRS, EVENT)).rejects.toMatchObject({
        name: 'RemoteServerError',
        status,
        message: expect.stringMatching(/^theirs\.test answered \d{3}( [A-Za-z0-9_.-]{1,100})?$/),
      });
    }),
    fuzzParameters(),
  );
});
