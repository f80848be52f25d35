import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { constants, DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoomAlias, RoomId, UserId } from '@hansa/protocol';
import { expect, it } from 'vitest';
import { StoreUnavailableError } from '../ports/store-unavailable-error.ts';
import type { WatchHealth } from '../sql/health.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const ROOM = '!room:one.example' as RoomId;

it('tells nobody before COMMIT, and everybody when that fails', async () => {
  const disk = new DatabaseSync(':memory:');
  const store = await openSqliteStore(disk);
  let refuse = true;
  disk.setAuthorizer((action, operation) =>
    refuse && action === constants.SQLITE_TRANSACTION && operation === 'COMMIT'
      ? constants.SQLITE_DENY
      : constants.SQLITE_OK,
  );
  const insert = (name: string) =>
    store.transact(({ directory }) =>
      directory.insertAlias({
        alias: `#${name}:one.example` as RoomAlias,
        roomId: ROOM,
        creator: '@alice:one.example' as UserId,
      }),
    );
  const outcomes = await Promise.allSettled([insert('a'), insert('b')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const find = (name: string) =>
    store.readers.directory.findAlias(`#${name}:one.example` as RoomAlias);
  expect([await find('a'), await find('b')]).toEqual([undefined, undefined]);
  refuse = false;
  await insert('c');
  expect(await find('c')).toMatchObject({ roomId: ROOM });
  await store.close();
});

it('takes what gathers while it waits into one transaction, and a hundred parts at most', async () => {
  const flushes: (() => void)[] = [];
  const store = await openSqliteStore(new DatabaseSync(':memory:'), {
    schedule: (flush) => flushes.push(flush),
  });
  const parts = Array.from({ length: 150 }, () =>
    store.transact(({ takePosition }) => void takePosition()),
  );
  await Promise.resolve();
  expect(flushes).toHaveLength(1);
  flushes.shift()?.();
  expect(await store.readers.position()).toBe(100);
  flushes.shift()?.();
  const positions = (await Promise.all(parts)).map(({ position }) => position);
  expect(positions).toEqual(Array.from({ length: 150 }, (_, n) => n + 1));
  await store.close();
});

it('stores nothing while there is no space, says so once, and goes on when there is', async () => {
  const disk = new DatabaseSync(':memory:');
  const told: Parameters<WatchHealth>[0][] = [];
  const store = await openSqliteStore(disk, { health: (fault) => told.push(fault) });
  const insert = (name: string, padding: number) =>
    store.transact(({ directory, takePosition }) => {
      takePosition();
      const alias = `#${name}${'x'.repeat(padding)}:one.example` as RoomAlias;
      directory.insertAlias({ alias, roomId: ROOM, creator: '@alice:one.example' as UserId });
    });
  const pages = Number(disk.prepare('PRAGMA page_count').get()?.['page_count']);
  disk.exec(`PRAGMA max_page_count = ${pages}`);
  const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => insert(name, 10_000)));
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ reason: expect.any(StoreUnavailableError) as unknown });
  }
  await expect(insert('d', 10_000)).rejects.toThrow('the disk that holds the database is full');
  expect(told).toMatchObject([{ isFinal: false }]);
  disk.exec(`PRAGMA max_page_count = ${pages + 1_000}`);
  expect(await insert('a', 10_000)).toMatchObject({ position: 1 });
  expect(told).toMatchObject([{ isFinal: false }, undefined]);
  await store.close();
});

it('writes all that the log has into the database before anything is added', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hansa-log-'));
  const [left, found] = [join(folder, 'left.db'), join(folder, 'found.db')];
  const store = await openSqliteStore(left);
  await store.transact(({ takePosition }) => void takePosition());
  // As a process leaves them that is killed.
  for (const end of ['', '-wal']) await copyFile(`${left}${end}`, `${found}${end}`);
  expect((await stat(`${found}-wal`)).size).toBeGreaterThan(0);
  await store.close();
  const again = await openSqliteStore(found);
  expect(await again.readers.position()).toBe(1);
  // Its name is stored when it is made, so there is nothing else to write.
  expect((await stat(`${found}-wal`)).size).toBe(0);
  await again.close();
  await rm(folder, { recursive: true });
});
