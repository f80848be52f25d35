import type { RoomAlias, RoomId, UserId } from '@hansa/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';
import type { Committed, Store } from '../ports/store.ts';
import { CuttingProxy } from '../testing/cutting-proxy.ts';
import { findPostgres, PostgresCluster } from '../testing/postgres-cluster.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const programs = findPostgres();

function alias(name: string): RoomAlias {
  return `#${name}:one.example` as RoomAlias;
}

function insert(store: Store, name: string): Promise<Committed> {
  return store.transact(({ directory, takePosition }) => {
    takePosition();
    directory.insertAlias({
      alias: alias(name),
      roomId: '!room:one.example' as RoomId,
      creator: '@alice:one.example' as UserId,
    });
  });
}

/** Settings by which a COMMIT is answered before it is on the disk. */
const SETTINGS = ['fsync', 'synchronous_commit'] as const;

describe.skipIf(programs === undefined)('PostgreSQL that does not flush', () => {
  let cluster: PostgresCluster;
  let url: string;
  let told: (string | undefined)[];
  beforeAll(async () => {
    cluster = await PostgresCluster.start(programs ?? '');
  });
  beforeEach(async () => {
    url = await cluster.createDatabase();
    told = [];
  });
  afterEach(async () => {
    for (const setting of SETTINGS) await cluster.configure(url, { setting, value: undefined });
    await cluster.dropDatabase(url);
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const open = (at = url): Promise<Store> =>
    openPostgresStore({ url: at, health: (fault) => told.push(fault?.message) });

  it.each(SETTINGS)('is refused: %s is off', async (setting) => {
    await using careless = await PostgresCluster.start(programs ?? '', { [setting]: 'off' });
    const other = await careless.createDatabase();
    await expect(open(other)).rejects.toThrow(`PostgreSQL has ${setting} = off`);
  });

  it.each(['ROLE hansa', 'DATABASE', 'ROLE hansa IN DATABASE'])(
    'is refused: synchronous_commit is off for the %s',
    async (whose) => {
      const name = whose.endsWith('DATABASE') ? new URL(url).pathname.slice(1) : '';
      const change = `ALTER ${whose} ${name}`;
      await cluster.query(url, `${change} SET synchronous_commit = off`);
      try {
        await expect(open()).rejects.toThrow('PostgreSQL has synchronous_commit = off');
      } finally {
        await cluster.query(url, `${change} RESET synchronous_commit`);
      }
      await (await open()).close();
    },
  );

  it.each(['local', 'remote_write', 'on'])(
    'is not meant: synchronous_commit is %s',
    async (level) => {
      await cluster.configure(url, { setting: 'synchronous_commit', value: level });
      const store = await open();
      expect(await insert(store, 'a')).toMatchObject({ position: 1 });
      await store.close();
    },
  );

  it.each(SETTINGS)(
    'stores nothing once it is so configured, and goes on after: %s',
    async (setting) => {
      const store = await open();
      await insert(store, 'a');
      await cluster.configure(url, { setting, value: 'off' });
      const outcomes = await Promise.allSettled([insert(store, 'b'), insert(store, 'a')]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ reason: expect.any(StoreUnavailableError) as unknown });
      }
      await expect(insert(store, 'b')).rejects.toThrow(`${setting} = off`);
      expect(told).toEqual([expect.stringContaining(`${setting} = off`)]);
      await cluster.configure(url, { setting, value: undefined });
      expect(await insert(store, 'b')).toMatchObject({ position: 2 });
      expect(told).toHaveLength(2);
      expect(told[1]).toBeUndefined();
      await store.close();
    },
  );

  it.each(['before COMMIT', 'after COMMIT'] as const)(
    'is found out when a connection that was cut %s is renewed, and what became of it when it flushes again',
    async (when) => {
      await using proxy = await CuttingProxy.listen(cluster.socketPath);
      const { username, pathname } = new URL(url);
      const store = await open(`postgres://${username}@127.0.0.1:${proxy.port}${pathname}`);
      await insert(store, 'a');
      // Of new connections only: the one that is there goes on with what it has.
      const database = pathname.slice(1);
      await cluster.query(url, `ALTER DATABASE ${database} SET synchronous_commit = off`);
      proxy.cut(when);
      await expect(insert(store, 'b')).rejects.toThrow('synchronous_commit = off');
      expect(proxy.cuts).toBe(1);
      await expect(insert(store, 'c')).rejects.toThrow('synchronous_commit = off');
      await cluster.query(url, `ALTER DATABASE ${database} RESET synchronous_commit`);
      const committed = when === 'after COMMIT';
      expect(await insert(store, 'c')).toMatchObject({ position: committed ? 3 : 2 });
      const found = await store.readers.directory.findAlias(alias('b'));
      expect(found !== undefined).toBe(committed);
      await store.close();
    },
  );
});
