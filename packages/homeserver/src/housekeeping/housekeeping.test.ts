import type { DeviceId, RoomId, UserId } from '@hansa/protocol';
import { createMemoryDisk, MAX_FORGOTTEN, openSqliteStore } from '@hansa/storage';
import { VirtualEffects } from '@hansa/testkit';
import { expect, it } from 'vitest';
import { Housekeeping, TRANSACTION_AGE_MS } from './housekeeping.ts';

const HOUR_MS = 60 * 60 * 1_000;

async function untilItRests(effects: VirtualEffects): Promise<void> {
  while (effects.nextTimerMs === undefined) await effects.advance(0);
}

it('forgets old transactions when it starts, and every hour after, all of them', async () => {
  const effects = new VirtualEffects();
  const disk = createMemoryDisk();
  const store = await openSqliteStore(disk);
  const now = effects.clock.now();
  disk.exec(`
    INSERT INTO rooms (id, room_id, version, residence) VALUES (1, '!r:x', '11', 'joined');
    INSERT INTO events (id, room, event_id, place, verdict, depth, stored_at, json)
      VALUES (1, 1, '$e', 'timeline', 'accepted', 1, 1, x'7b7d')`);
  const insert = disk.prepare(
    `INSERT INTO client_transactions (user_id, device_id, key, room, event, at)
     VALUES ('@a:x', 'D', ?, 1, 1, ?)`,
  );
  for (let n = 0; n <= MAX_FORGOTTEN; n += 1) insert.run(`old ${n}`, now - TRANSACTION_AGE_MS - 1);
  insert.run('soon', now - TRANSACTION_AGE_MS + HOUR_MS / 2);
  insert.run('young', now);
  const problems: string[] = [];
  const { clientTransactions } = store.readers;
  const housekeeping = new Housekeeping({
    transactions: clientTransactions,
    store,
    sweepMedia: async () => {},
    clock: effects.clock,
    timers: effects.timers,
    report: (problem) => problems.push(problem),
  });
  housekeeping.start();
  await untilItRests(effects);
  expect(await clientTransactions.findOldest()).toBe(now - TRANSACTION_AGE_MS + HOUR_MS / 2);
  expect(effects.nextTimerMs).toBe(HOUR_MS);
  await effects.advance(HOUR_MS);
  await untilItRests(effects);
  expect(await clientTransactions.findOldest()).toBe(now);
  const young = { userId: '@a:x' as UserId, deviceId: 'D' as DeviceId, key: 'young' };
  expect(await clientTransactions.findEvent(young)).toMatchObject({ roomId: '!r:x' as RoomId });
  await housekeeping.stop();
  expect(effects.nextTimerMs).toBeUndefined();
  expect(problems).toEqual([]);
  await store.close();
});

it('says what went wrong, and tries again', async () => {
  const effects = new VirtualEffects();
  const problems: string[] = [];
  let asked = 0;
  const housekeeping = new Housekeeping({
    transactions: {
      async findOldest() {
        asked += 1;
        throw new Error('no disk');
      },
    },
    store: { transact: () => Promise.reject(new Error('nothing is to be written')) },
    sweepMedia: () => Promise.reject(new Error('no folder')),
    clock: effects.clock,
    timers: effects.timers,
    report: (problem, cause) => problems.push(`${problem}: ${String(cause)}`),
  });
  housekeeping.start();
  await untilItRests(effects);
  await effects.advance(HOUR_MS);
  expect(asked).toBe(2);
  expect(problems[0]).toContain('no disk');
  expect(problems[1]).toContain('no folder');
  await housekeeping.stop();
});

it('sweeps media when it starts, and once a day', async () => {
  const effects = new VirtualEffects();
  const { clock, timers } = effects;
  const sweptAt: number[] = [];
  const housekeeping = new Housekeeping({
    transactions: { findOldest: async () => undefined },
    store: { transact: () => Promise.reject(new Error('nothing is to be written')) },
    sweepMedia: async () => void sweptAt.push(clock.monotonic()),
    clock,
    timers,
    report: (problem, cause) => expect.unreachable(`${problem}: ${String(cause)}`),
  });
  const start = clock.monotonic();
  housekeeping.start();
  for (let hour = 0; hour < 50; hour += 1) {
    await untilItRests(effects);
    await effects.advance(HOUR_MS);
  }
  await untilItRests(effects);
  await housekeeping.stop();
  expect(sweptAt.map((at) => (at - start) / HOUR_MS)).toEqual([0, 24, 48]);
});
