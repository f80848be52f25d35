import { constants, DatabaseSync } from 'node:sqlite';
import type { RoomAlias, RoomId, UserId } from '@hansa/protocol';
import { expect, it } from 'vitest';
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
