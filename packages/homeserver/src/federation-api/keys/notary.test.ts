import {
  createSigningKey,
  parseServerKeys,
  parseVerifyKey,
  publishServerKeys,
  verifyJson,
} from '@hansa/protocol';
import type { JsonObject, JsonValue, ServerName } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../http/index.ts';
import { federationRoutes } from '../federation-routes.ts';
import { expectContract } from '../testing/contract.ts';
import { OURS, stubPorts } from '../testing/stub-ports.ts';

/** Nobody signs what is asked here. */
const NOBODY = { federation: () => Promise.reject(new Error('nobody signed')) };
const THEIRS = 'theirs.test' as ServerName;
const theirs = publishServerKeys({
  serverName: THEIRS,
  keys: [createSigningKey('b', new Uint8Array(32).fill(2))],
  retired: [],
  validUntilTs: 2_000_000_000_000,
});

/** A notary to which only `theirs.test` ever said anything; unsigned calls, as anybody makes them. */
function setUp() {
  const asked: [ServerName, number][] = [];
  const ports = stubPorts({
    findDocument: async (server, validUntilTs) => {
      asked.push([server, validUntilTs]);
      return server === THEIRS ? theirs : undefined;
    },
  });
  const app = createApp({
    routes: federationRoutes(ports),
    authenticators: NOBODY,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const call = async (path: string, serverKeys?: JsonValue) => {
    const url = `/_matrix/key/v2/query${path}`;
    const answer = await app.inject(
      serverKeys === undefined
        ? { method: 'GET', url }
        : { method: 'POST', url, payload: JSON.stringify({ server_keys: serverKeys }) },
    );
    const body: { readonly server_keys: readonly JsonObject[] } = answer.json();
    const method = serverKeys === undefined ? 'GET' : 'POST';
    expectContract({ method, path: url, status: answer.statusCode, body });
    return { status: answer.statusCode, body };
  };
  return { asked, call, ports, now: ports.clock.now() };
}

describe('the notary', () => {
  it('tells what a server said of its keys, signed by both', async () => {
    const { asked, call, ports, now } = setUp();
    const [document = {}] = (await call(`/${THEIRS}`)).body.server_keys;
    expect(document).toMatchObject(theirs);
    expect(parseServerKeys(document, THEIRS, now)).toMatchObject({ ok: true });
    const { keyId, publicKey } = ports.own.signingKey;
    expect(document['signatures']).toMatchObject({ [OURS]: { [keyId]: expect.any(String) } });
    const key = parseVerifyKey(publicKey);
    if (!key.ok) throw new Error(key.reason);
    expect(verifyJson(document, OURS, keyId, key.value)).toEqual({ ok: true });
    expect(asked).toEqual([[THEIRS, now]]);
  });

  it('tells its own', async () => {
    const { asked, call, now } = setUp();
    const [document] = (await call(`/${OURS}`)).body.server_keys;
    expect(parseServerKeys(document ?? {}, OURS, now)).toMatchObject({ ok: true });
    expect(asked).toEqual([]);
  });

  it('says nothing of a server that was never reached', async () => {
    const { call } = setUp();
    expect(await call('/nobody.test')).toEqual({ status: 200, body: { server_keys: [] } });
  });

  it('is asked of many at once, each with the validity that is wanted of any of its keys', async () => {
    const { asked, call, now } = setUp();
    const until = (time: number) => ({ minimum_valid_until_ts: time });
    const { body } = await call('', {
      [THEIRS]: { 'ed25519:b': until(now + 5), 'ed25519:c': until(now + 9) },
      'nobody.test': {},
    });
    expect(body.server_keys).toHaveLength(1);
    expect(asked).toEqual([
      [THEIRS, now + 9],
      ['nobody.test', now],
    ]);
  });

  it.each<[string, JsonValue, string]>([
    ['no object', [], 'server_keys'],
    ['what is no server', { 'no server': {} }, 'server_keys["no server"]'],
    ['a server with no object', { [THEIRS]: 1 }, 'server_keys["theirs.test"]'],
    ['a time that is none', { [THEIRS]: { 'ed25519:b': until('soon') } }, 'minimum_valid_until_ts'],
    ['101 servers', servers(101), 'server_keys'],
    ['257 keys of one', { [THEIRS]: keys(257) }, 'server_keys["theirs.test"]'],
  ])('refuses %s', async (_what, serverKeys, named) => {
    const { asked, call } = setUp();
    expect(await call('', serverKeys)).toMatchObject({
      status: 400,
      body: { errcode: 'M_BAD_JSON', error: expect.stringContaining(named) },
    });
    expect(asked).toEqual([]);
  });

  it('is asked of no more than 200 at a time', async () => {
    const { promise: never } = Promise.withResolvers<undefined>();
    const app = createApp({
      routes: federationRoutes(stubPorts({ findDocument: () => never })),
      authenticators: NOBODY,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const ask = (count: number) =>
      app.inject({
        method: 'POST',
        url: '/_matrix/key/v2/query',
        payload: JSON.stringify({ server_keys: servers(count) }),
      });
    void ask(100).catch(() => {});
    void ask(100).catch(() => {});
    await new Promise(setImmediate);
    expect((await ask(100)).statusCode).toBe(503);
  });
});

function until(time: JsonValue): JsonObject {
  return { minimum_valid_until_ts: time };
}

function servers(count: number): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`s${n}.test`, {}]));
}

function keys(count: number): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`ed25519:${n}`, {}]));
}
