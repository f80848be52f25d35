import { createSigningKey, getRoomVersion, publishServerKeys } from '@hansa/protocol';
import type { JsonObject, JsonValue, KeyId, ServerName, SigningKey } from '@hansa/protocol';
import { createMemoryDisk, openSqliteStore } from '@hansa/storage';
import type { Store } from '@hansa/storage';
import { VirtualEffects } from '@hansa/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { KeyRing } from './key-ring.ts';

const OURS = 'ours.test' as ServerName;
const THEIRS = 'theirs.test' as ServerName;
const DAY = 24 * 3_600_000;
const START = 1_700_000_000_000;
const v10 = getRoomVersion('10');
const v4 = getRoomVersion('4');

const key = (version: string, fill: number): SigningKey =>
  createSigningKey(version, new Uint8Array(32).fill(fill));
const a = key('a', 1);
const b = key('b', 2);

interface Published {
  readonly keys: readonly SigningKey[];
  readonly old?: readonly (readonly [SigningKey, number])[];
  readonly validUntilTs?: number;
}

function document({ keys, old = [], validUntilTs = START + DAY }: Published): JsonObject {
  const retired = old.map(([{ keyId, publicKey }, expiredTs]) => ({ keyId, publicKey, expiredTs }));
  return publishServerKeys({ serverName: THEIRS, keys, retired, validUntilTs });
}

const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** A key ring whose one peer publishes `published.now`; an error is one of its network. */
async function setUp(first: Published | Error, disk = createMemoryDisk()) {
  const effects = new VirtualEffects({ now: START });
  const store = await openSqliteStore(disk);
  stores.push(store);
  const published: { now: JsonValue | Error } = {
    now: first instanceof Error ? first : document(first),
  };
  const asked: ServerName[] = [];
  const ring = new KeyRing({
    own: { serverName: OURS, signingKey: a, retiredKeys: [] },
    store,
    clock: effects.clock,
    random: effects.random,
    fetchKeys: async (server) => {
      asked.push(server);
      await Promise.resolve();
      if (published.now instanceof Error) throw published.now;
      return published.now;
    },
    askNotary: () => Promise.reject(new Error('nobody is named')),
    report() {},
  });
  const request = (keyId: KeyId = a.keyId) => ring.findRequestKey(THEIRS, keyId);
  const event = (originServerTs: number, keyId: KeyId = a.keyId, rules = v10) =>
    ring.findEventKey(THEIRS, keyId, { originServerTs, rules });
  return { effects, published, asked, ring, request, event, disk };
}

describe('the key ring', () => {
  it('asks the server itself, once for all who want to know', async () => {
    const { asked, request, event } = await setUp({ keys: [a] });
    const answers = await Promise.all([request(), request(), event(START)]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(answers[0]).toMatchObject({ value: { publicKey: a.publicKey } });
    expect(asked).toEqual([THEIRS]);
  });

  it('remembers keys over a restart', async () => {
    const { disk, request } = await setUp({ keys: [a] });
    await request();
    const again = await setUp(new Error('down'), disk);
    expect(await again.request()).toMatchObject({ ok: true });
    expect(again.asked).toEqual([]);
  });

  it('knows our own keys, and asks nobody for them', async () => {
    const { asked, ring } = await setUp(new Error('down'));
    expect(await ring.findRequestKey(OURS, a.keyId)).toMatchObject({ ok: true });
    expect(await ring.findRequestKey(OURS, b.keyId)).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });

  it('asks again when a key is no longer valid for requests', async () => {
    const { asked, effects, published, request } = await setUp({ keys: [a] });
    await request();
    await effects.advance(DAY + 1);
    expect(await request()).toMatchObject({ ok: false, rule: 'KEY-9' });
    published.now = document({ keys: [a], validUntilTs: START + 3 * DAY });
    await effects.advance(60_000);
    expect(await request()).toMatchObject({ ok: true });
    expect(asked).toHaveLength(3);
  });

  it('believes no document for more than seven days', async () => {
    const { asked, effects, request } = await setUp({ keys: [a], validUntilTs: START + 400 * DAY });
    await request();
    await effects.advance(7 * DAY);
    await request();
    expect(asked).toHaveLength(1);
    await effects.advance(1);
    await request();
    expect(asked).toHaveLength(2);
  });

  it('finds a key that is new, and does not ask for inventions more than once a minute', async () => {
    const { asked, effects, published, request } = await setUp({ keys: [a] });
    await request();
    published.now = document({ keys: [b] });
    await effects.advance(59_999);
    expect(await request(b.keyId)).toMatchObject({ ok: false, rule: 'KEY-8' });
    expect(asked).toHaveLength(1);
    await effects.advance(1);
    expect(await request(b.keyId)).toMatchObject({ ok: true });
  });

  it('lets a key that its server took back sign no request, and no later event', async () => {
    const { effects, published, request, event } = await setUp({ keys: [a] });
    await request();
    await effects.advance(3_600_000);
    published.now = document({ keys: [b] });
    await request(b.keyId);
    expect(await request(a.keyId)).toMatchObject({ ok: false, rule: 'KEY-10' });
    expect(await event(START + 3_600_000)).toMatchObject({ ok: true });
    expect(await event(START + 3_600_001)).toMatchObject({ ok: false, rule: 'KEY-12' });
  });

  it('lets an old key sign events up to its end, and no request', async () => {
    const { request, event } = await setUp({ keys: [b], old: [[a, START - DAY]] });
    expect(await event(START - DAY)).toMatchObject({ ok: true });
    expect(await event(START - DAY + 1)).toMatchObject({ ok: false, rule: 'KEY-12' });
    expect(await request()).toMatchObject({ ok: false, rule: 'KEY-10' });
  });

  it('holds events of version 5 on against the validity of their key, and no older ones', async () => {
    const { event } = await setUp({ keys: [a] });
    expect(await event(START + DAY)).toMatchObject({ ok: true });
    expect(await event(START + DAY + 1)).toMatchObject({ ok: false, rule: 'KEY-11' });
    expect(await event(START + DAY + 1, a.keyId, v4)).toMatchObject({ ok: true });
  });

  it('knows of an event still what its server last said when it is gone', async () => {
    const { effects, published, request, event } = await setUp({ keys: [a] });
    await request();
    published.now = new Error('down');
    await effects.advance(365 * DAY);
    expect(await event(START)).toMatchObject({ ok: true });
    expect(await request()).toMatchObject({ ok: 'unavailable' });
  });

  it.each<[string, JsonValue]>([
    ['is of another server', { ...document({ keys: [a] }), server_name: 'other.test' }],
    ['nobody signed', { ...document({ keys: [a] }), signatures: {} }],
    ['was changed', { ...document({ keys: [a] }), valid_until_ts: START + 2 * DAY }],
    ['is no document', 'keys'],
  ])('takes no document that %s', async (_what, bad) => {
    const { published, request, event } = await setUp({ keys: [a] });
    published.now = bad;
    expect(await request()).toMatchObject({ ok: 'unavailable' });
    expect(await event(START)).toMatchObject({ ok: 'unavailable' });
  });

  it('leaves a server alone that fails, for longer and longer', async () => {
    const { asked, effects, published, request } = await setUp(new Error('down'));
    expect(await request()).toMatchObject({
      ok: 'unavailable',
      reason: expect.stringContaining('down'),
    });
    await request();
    expect(asked).toHaveLength(1);
    await effects.advance(2_000);
    await request();
    await effects.advance(500);
    await request();
    expect(asked).toHaveLength(2);
    published.now = document({ keys: [a] });
    await effects.advance(3_600_000);
    expect(await request()).toMatchObject({ ok: true });
  });

  it('leaves a server alone over a restart, once it has failed for long', async () => {
    const { disk, effects, event, asked } = await setUp(new Error('down'));
    for (let failures = 0; failures < 12; failures += 1) {
      await event(START);
      await effects.advance(3_600_000);
    }
    await event(START);
    expect(asked).toHaveLength(13);
    const waitMs = 12 * 3_600_000;
    const again = await setUp({ keys: [a], validUntilTs: START + 2 * DAY }, disk);
    await again.effects.advance(waitMs + 60_000);
    expect(await again.event(START)).toMatchObject({ ok: 'unavailable' });
    expect(again.asked).toEqual([]);
    await again.effects.advance(3_600_000);
    expect(await again.event(START)).toMatchObject({ ok: true });
    const store = await openSqliteStore(disk);
    stores.push(store);
    expect(await store.readers.keys.findKeyFailure(THEIRS)).toBeUndefined();
  });

  it('asks a server that seems to speak to us again after a minute', async () => {
    const { effects, event, published, request } = await setUp(new Error('down'));
    for (let failures = 0; failures < 12; failures += 1) {
      await event(START);
      await effects.advance(3_600_000);
    }
    await event(START);
    published.now = document({ keys: [a], validUntilTs: START + 2 * DAY });
    await effects.advance(59_999);
    expect(await request()).toMatchObject({ ok: 'unavailable' });
    await effects.advance(1);
    expect(await event(START)).toMatchObject({ ok: 'unavailable' });
    expect(await request()).toMatchObject({ ok: true });
  });

  it('stores no failure whose wait is short', async () => {
    const { disk, request } = await setUp(new Error('down'));
    await request();
    const store = await openSqliteStore(disk);
    stores.push(store);
    expect(await store.readers.keys.findKeyFailure(THEIRS)).toBeUndefined();
  });

  it('tells others what a server said of its keys, as it was signed, and asks again at half time', async () => {
    const { asked, effects, published, ring } = await setUp({ keys: [a] });
    const said = () => ring.findDocument(THEIRS, effects.clock.now());
    expect(await said()).toEqual(document({ keys: [a] }));
    await effects.advance(DAY / 2 - 1);
    await said();
    expect(asked).toHaveLength(1);
    published.now = document({ keys: [b], validUntilTs: START + 2 * DAY });
    await effects.advance(1);
    expect(await said()).toEqual(published.now);
    expect(asked).toHaveLength(2);
  });

  it('asks a server again for who wants its keys to be valid for longer, and tells what there is', async () => {
    const { asked, effects, ring } = await setUp({ keys: [a] });
    const said = () => ring.findDocument(THEIRS, START + 2 * DAY);
    expect(await said()).toEqual(document({ keys: [a] }));
    await effects.advance(59_999);
    await said();
    expect(asked).toHaveLength(1);
    await effects.advance(1);
    expect(await said()).toEqual(document({ keys: [a] }));
    expect(asked).toHaveLength(2);
  });

  it('tells what a server said of its keys when it is gone, also after a restart', async () => {
    const { disk, ring } = await setUp({ keys: [a] });
    await ring.findDocument(THEIRS, START);
    const again = await setUp(new Error('down'), disk);
    await again.effects.advance(365 * DAY);
    expect(await again.ring.findDocument(THEIRS, START + 365 * DAY)).toEqual(
      document({ keys: [a] }),
    );
    const nobody = 'nobody.test' as ServerName;
    expect(await again.ring.findDocument(nobody, START)).toBeUndefined();
  });

  it('asks at most twenty servers at a time', async () => {
    const effects = new VirtualEffects();
    const store = await openSqliteStore(createMemoryDisk());
    stores.push(store);
    const waiting: (() => void)[] = [];
    const ring = new KeyRing({
      own: { serverName: OURS, signingKey: a, retiredKeys: [] },
      store,
      clock: effects.clock,
      random: effects.random,
      fetchKeys: async () => {
        const { promise, resolve } = Promise.withResolvers<JsonValue>();
        waiting.push(() => resolve({}));
        return await promise;
      },
      askNotary: () => Promise.reject(new Error('nobody is named')),
      report() {},
    });
    const answers = Array.from({ length: 25 }, (_, index) =>
      ring.findRequestKey(`s${index}.test` as ServerName, a.keyId),
    );
    await effects.advance(0);
    await effects.advance(0);
    expect(waiting).toHaveLength(20);
    while (waiting.length > 0) {
      waiting.pop()?.();
      await effects.advance(0);
    }
    expect(await Promise.all(answers)).toHaveLength(25);
  });

  it('lets no invented server delay one that it knows', async () => {
    const { effects, ring, published, request } = await setUp({ keys: [a] });
    await request();
    await effects.advance(8 * DAY);
    const { promise: never } = Promise.withResolvers<JsonValue>();
    const honest = document({ keys: [a], validUntilTs: START + 9 * DAY });
    published.now = never as unknown as JsonValue;
    for (let index = 0; index < 25; index += 1) {
      void ring.findRequestKey(`s${index}.test` as ServerName, a.keyId);
    }
    await effects.advance(0);
    published.now = honest;
    expect(await request()).toMatchObject({ ok: true });
  });

  it('lets no more than a thousand servers wait to be asked', async () => {
    const { effects, ring, published } = await setUp(new Error('down'));
    const { promise: never } = Promise.withResolvers<JsonValue>();
    published.now = never as unknown as JsonValue;
    for (let index = 0; index < 1_020; index += 1) {
      void ring.findRequestKey(`s${index}.test` as ServerName, a.keyId);
    }
    await effects.advance(0);
    expect(await ring.findRequestKey('one-more.test' as ServerName, a.keyId)).toMatchObject({
      ok: 'unavailable',
      reason: expect.stringContaining('later'),
    });
  });

  it('remembers no endless succession of keys of a server', async () => {
    const { effects, published, request, disk } = await setUp({ keys: [a] });
    await request();
    const old = (round: number) =>
      Array.from({ length: 120 }, (_, index): [SigningKey, number] => [
        key(`r${round}_${index}`, index),
        START,
      ]);
    for (let round = 0; round < 8; round += 1) {
      published.now = document({ keys: [a], old: old(round) });
      await effects.advance(60_000);
      await request('ed25519:unknown' as KeyId);
    }
    const store = await openSqliteStore(disk);
    stores.push(store);
    expect(await store.readers.keys.listKeys(THEIRS)).toHaveLength(512);
    expect(await request()).toMatchObject({ ok: true });
  });
});
