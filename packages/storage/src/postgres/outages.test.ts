import type { RoomAlias, RoomId, UserId } from '@hansa/protocol';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConflictError } from '../ports/conflict-error.ts';
import type { Committed, Store } from '../ports/store.ts';
import { CuttingProxy } from '../testing/cutting-proxy.ts';
import { findPostgres, PostgresCluster } from '../testing/postgres-cluster.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const ROOM = '!room:one.example' as RoomId;
const ALICE = '@alice:one.example' as UserId;
const programs = findPostgres();

function alias(name: string): RoomAlias {
  return `#${name}:one.example` as RoomAlias;
}

/** A part that takes a position, and that fails where it was committed before. */
function insert(store: Store, name: string): Promise<Committed> {
  return store.transact(({ directory, takePosition }) => {
    takePosition();
    directory.insertAlias({ alias: alias(name), roomId: ROOM, creator: ALICE });
  });
}

describe.skipIf(programs === undefined)('PostgreSQL', () => {
  let cluster: PostgresCluster;
  let url: string;
  beforeAll(async () => {
    cluster = await PostgresCluster.start(programs ?? '');
  });
  beforeEach(async () => {
    url = await cluster.createDatabase();
  });
  afterEach(() => cluster.dropDatabase(url));
  afterAll(() => cluster[Symbol.asyncDispose]());

  it('is refused where it cannot hold every text', async () => {
    await cluster.query(url, `CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0`);
    const ascii = new URL(url);
    ascii.pathname = '/ascii';
    await expect(openPostgresStore({ url: ascii.href })).rejects.toThrow('encoding SQL_ASCII');
    await cluster.query(url, 'DROP DATABASE ascii');
  });

  it('is refused while another process writes to it, and free when that has ended', async () => {
    const store = await openPostgresStore({ url });
    await expect(openPostgresStore({ url })).rejects.toThrow('in use by another process');
    await insert(store, 'a');
    await store.close();
    await expect(store.readers.position()).rejects.toThrow('closed');
    await (await openPostgresStore({ url })).close();
  });

  it('takes nothing from a process that another one has replaced', async () => {
    const older = await openPostgresStore({ url });
    await insert(older, 'a');
    await cluster.query(url, 'SELECT pg_terminate_backend($1)', [await cluster.findWriter(url)]);
    const newer = await openPostgresStore({ url });
    await expect(insert(older, 'b')).rejects.toThrow('another process has taken');
    await expect(insert(older, 'c')).rejects.toThrow('another process has taken');
    expect(await insert(newer, 'b')).toMatchObject({ position: 2 });
    await older.close();
    await newer.close();
  });

  it('takes nothing where the epoch has moved on, though the connection lives', async () => {
    const store = await openPostgresStore({ url });
    await cluster.query(url, 'UPDATE commit_marks SET epoch = epoch + 1');
    await expect(insert(store, 'a')).rejects.toThrow('another process');
    expect(await store.readers.directory.findAlias(alias('a'))).toBeUndefined();
    expect(await store.readers.position()).toBe(0);
    await store.close();
  });

  it('begins a transaction again that lost its connection', async () => {
    const store = await openPostgresStore({ url });
    await insert(store, 'a');
    const blocker = new Client({ connectionString: url });
    await blocker.connect();
    await blocker.query('BEGIN; UPDATE sequence SET n = n');
    const outcome = insert(store, 'b');
    const writer = await cluster.findWriter(url);
    await waitForLock(blocker);
    await cluster.query(url, 'SELECT pg_terminate_backend($1)', [writer]);
    await blocker.query('ROLLBACK');
    expect(await outcome).toMatchObject({ position: 2 });
    expect(await cluster.findWriter(url)).not.toBe(writer);
    await blocker.end();
    await store.close();
  });

  it.each(['before COMMIT', 'after COMMIT'] as const)(
    'finds out what became of a transaction whose connection is cut %s, and answers by that',
    async (when) => {
      await using proxy = await CuttingProxy.listen(cluster.socketPath);
      const store = await openPostgresStore({ url: through(url, proxy) });
      await insert(store, 'a');
      proxy.cut(when);
      // A part that was committed and is run again fails, as its alias is taken.
      const outcomes = await Promise.allSettled(['b', 'a', 'c'].map((name) => insert(store, name)));
      expect(outcomes).toMatchObject([
        { status: 'fulfilled', value: { position: 2 } },
        { status: 'rejected', reason: expect.any(ConflictError) },
        { status: 'fulfilled', value: { position: 3 } },
      ]);
      expect(proxy.cuts).toBe(1);
      expect(await insert(store, 'd')).toMatchObject({ position: 4 });
      await store.close();
    },
  );

  it('reads again when a connection is lost, in a snapshot too', async () => {
    const store = await openPostgresStore({ url, maxReaders: 1 });
    await insert(store, 'a');
    await store.readers.position();
    const endReaders = () =>
      cluster.query(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()
           AND application_name NOT LIKE 'hansa %'`,
      );
    await endReaders();
    expect(await store.readers.position()).toBe(1);
    let times = 0;
    const seen = await store.readers.snapshot(async (readers) => {
      times += 1;
      const position = await readers.position();
      if (times === 1) await endReaders();
      return [position, await readers.position()];
    });
    expect([times, seen]).toEqual([2, [1, 1]]);
    await store.close();
  });

  it('reads as of one moment in a snapshot', async () => {
    const store = await openPostgresStore({ url });
    await store.readers.snapshot(async (readers) => {
      const before = await readers.position();
      await insert(store, 'a');
      expect(await readers.position()).toBe(before);
      expect(await readers.directory.findAlias(alias('a'))).toBeUndefined();
    });
    expect(await store.readers.position()).toBe(1);
    await store.close();
  });

  it('says that it cannot be reached', async () => {
    const nowhere = 'postgres://hansa@localhost/none?host=/nonexistent';
    await expect(openPostgresStore({ url: nowhere })).rejects.toThrow('ENOENT');
  });
});

function through(url: string, proxy: CuttingProxy): string {
  const { username, pathname } = new URL(url);
  return `postgres://${username}@127.0.0.1:${proxy.port}${pathname}`;
}

/** Resolves when somebody waits for a lock of this database. */
async function waitForLock(client: Client): Promise<void> {
  for (;;) {
    const { rowCount } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rowCount !== 0) return;
  }
}
