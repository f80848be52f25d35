import type { OutgoingRequest } from '@hansa/net';
import { createSigningKey, getRoomVersion, parseAuthorization, signRequest } from '@hansa/protocol';
import type { EventId, JsonValue, RoomId, ServerName, UserId } from '@hansa/protocol';
import { freePort, TestCa, VirtualEffects } from '@hansa/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoomAdvance, RoomEngine } from '../engine/room-engine.ts';
import { sendTransaction } from './endpoints/send-transaction.ts';
import { Outbox } from './outbox/outbox.ts';
import { createFederatedServer } from './testing/federated-server.ts';
import type { FederatedServer } from './testing/federated-server.ts';
import { MemoryDestinations } from './testing/memory-destinations.ts';

const ONE = 'one.test' as ServerName;
const TWO = 'two.test' as ServerName;
const NOBODY = 'nobody.test' as ServerName;
const rules = getRoomVersion('11');
const roomId = '!room:two.test' as RoomId;

let one: FederatedServer;
let two: FederatedServer;
/** What arrived at two. */
const received: { readonly origin: ServerName; readonly pdus: readonly JsonValue[] }[] = [];
let onReceived: () => void = () => {};
let answer: ReadonlyMap<EventId, { readonly error: string } | undefined> = new Map();

beforeAll(async () => {
  const ca = await TestCa.create();
  const staticHosts = new Map<ServerName, { host: string; port: number }>();
  for (const name of [ONE, TWO, NOBODY]) {
    staticHosts.set(name, { host: '127.0.0.1', port: await freePort() });
  }
  const engine: Partial<RoomEngine> = {
    async makeMembership({ origin, membership }) {
      return { rules, event: { type: 'x', content: { origin, membership } } };
    },
    async receive(origin, pdus) {
      received.push({ origin, pdus });
      onReceived();
      return answer;
    },
  };
  const views = {
    findRoom: async () => ({ roomId, rules, residence: 'joined' as const }),
    currentState: async () => ({ find: async () => undefined, list: async () => [] }),
  };
  one = await createFederatedServer({ name: ONE, ca, staticHosts });
  two = await createFederatedServer({
    name: TWO,
    ca,
    staticHosts,
    seed: 2,
    ports: { engine, views },
  });
  await one.up();
  await two.up();
});

afterAll(async () => {
  await one.stop();
  await two.stop();
});

beforeEach(() => {
  received.length = 0;
  answer = new Map();
});

describe('two servers', () => {
  it('ask one another, each knowing who asks', async () => {
    const template = await one.client.makeJoin(TWO, roomId, '@a b/ü:one.test' as UserId);
    expect(template.event).toMatchObject({ content: { origin: ONE, membership: 'join' } });
  });

  it('deliver a transaction once, however often it is sent', async () => {
    const content = { origin: ONE, origin_server_ts: 1, pdus: [{ a: 1 }] };
    const { signal } = new AbortController();
    answer = new Map([['$a:b' as EventId, { error: 'no' }]]);
    const send = () => sendTransaction(one.http, TWO, { transactionId: 't1', content }, signal);
    const answers = [await send(), ...(await Promise.all([send(), send()]))];
    expect(answers).toEqual(Array.from({ length: 3 }, () => new Map([['$a:b', 'no']])));
    expect(received).toEqual([{ origin: ONE, pdus: [{ a: 1 }] }]);
  });

  it('lose nothing while one of them is down', async () => {
    const disk = new MemoryDestinations();
    const effects = new VirtualEffects();
    let poke: (advance: RoomAdvance) => void = () => {};
    const failed: unknown[] = [];
    const { promise: failure, resolve: fail } = Promise.withResolvers<void>();
    const outbox = new Outbox({
      serverName: ONE,
      store: disk.open().store,
      send: (server, transaction, signal) => sendTransaction(one.http, server, transaction, signal),
      effects,
      log: {
        debug() {},
        info(fields) {
          failed.push(fields);
          fail();
        },
        warn() {},
        error() {},
      },
      advances: {
        subscribe(listener) {
          poke = listener;
          return () => {};
        },
      },
    });
    await two.down();
    await outbox.start();
    for (let event = 0; event < 60; event += 1) {
      poke({ roomId, position: disk.addEvent(TWO), users: [], destinations: [TWO] });
    }
    await failure;
    expect(failed).toMatchObject([{ server: TWO, failures: 1 }]);
    await two.up();
    const { promise: all, resolve } = Promise.withResolvers<void>();
    onReceived = () => {
      if (received.flatMap(({ pdus }) => pdus).length >= 60) resolve();
    };
    await effects.advance(3_600_000);
    await all;
    await outbox.stop();
    expect(received.flatMap(({ pdus }) => pdus)).toMatchObject(
      Array.from({ length: 60 }, (_, index) => ({ content: { number: index + 1 } })),
    );
  });
});

describe('a request', () => {
  const path = '/_matrix/federation/v1/send/x%2Fy';
  const content = { origin: ONE, origin_server_ts: 1, pdus: [] };

  interface Forged {
    readonly signed?: Partial<Parameters<typeof signRequest>[0]>;
    readonly header?: (header: string) => string;
    readonly sent?: Partial<OutgoingRequest>;
    readonly key?: Parameters<typeof signRequest>[1];
  }

  async function statusOf({
    signed,
    header = (text) => text,
    sent,
    key = one.own.signingKey,
  }: Forged) {
    const authorization = signRequest(
      { method: 'PUT', uri: path, origin: ONE, destination: TWO, content, ...signed },
      key,
    );
    const { status } = await one.transport.request({
      server: TWO,
      method: 'PUT',
      path,
      headers: { authorization: header(authorization) },
      body: JSON.stringify(content),
      limits: { maxBytes: 10_000, timeoutMs: 10_000 },
      ...sent,
    });
    return status;
  }

  const loosely = (text: string): string => {
    const parsed = parseAuthorization(text);
    if (!parsed.ok) throw new Error(parsed.reason);
    const { origin, destination, key, sig } = parsed.value;
    return `x-matrix  SIG="${sig}" , Key=${key},destination=${destination},new=1, origin=${origin}`;
  };

  it.each<[string, Forged]>([
    ['as it should be', {}],
    [
      'without a destination, as before Matrix 1.3',
      { header: (text) => text.replace(`destination="${TWO}",`, '') },
    ],
    ['with its header written loosely', { header: loosely }],
    [
      'with its body written otherwise',
      { sent: { body: ` ${JSON.stringify(content, undefined, 2)}` } },
    ],
  ])('is taken %s', async (_what, forged) => {
    expect(await statusOf(forged)).toBe(200);
  });

  it.each<[string, Forged]>([
    ['that nobody signed', { sent: { headers: {} } }],
    ['with another scheme', { header: () => 'Bearer token' }],
    ['with a header that is none', { header: () => 'X-Matrix origin' }],
    ['for another server', { signed: { destination: NOBODY } }],
    ['whose header is for another server', { header: (text) => text.replace(TWO, NOBODY) }],
    ['of another path', { signed: { uri: '/_matrix/federation/v1/send/x/y' } }],
    ['with another query', { sent: { path: `${path}?a=b` } }],
    ['of another method', { signed: { method: 'POST' } }],
    ['with another body', { signed: { content: { ...content, pdus: [{}] } } }],
    ['signed without its body', { signed: { content: {} } }],
    [
      'with a key that the server does not have',
      { key: createSigningKey('b', new Uint8Array(32)) },
    ],
    ['with another key of the same name', { key: createSigningKey('a', new Uint8Array(32)) }],
    ['of an algorithm that nobody knows', { header: (text) => text.replace('ed25519:a', 'rsa:a') }],
    ['in the name of another server', { signed: { origin: TWO } }],
    ['in the name of a server that cannot be asked', { signed: { origin: NOBODY } }],
    ['in the name of what is no server', { header: (text) => text.replace(ONE, '///') }],
  ])('is refused %s', async (_what, forged) => {
    expect(await statusOf(forged)).toBe(401);
    expect(received).toEqual([]);
  });
});
