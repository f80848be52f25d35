import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJsonBytes } from '@hansa/protocol';
import type { EventId, ServerName } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { createMemoryDisk, openSqliteStore } from '../sqlite/open-sqlite-store.ts';
import { accountContract } from './account-contract.ts';
import { authGraphContract } from './auth-graph-contract.ts';
import { backendOn } from './backend-on.ts';
import { commitContract } from './commit-contract.ts';
import { destinationContract } from './destination-contract.ts';
import { eventContract } from './event-contract.ts';
import { mediaContract } from './media-contract.ts';
import { insertSampleRoom, newEvent, ROOM, samplePdu } from './sample-room.ts';
import { receiptContract } from './receipt-contract.ts';
import { roomContract } from './room-contract.ts';
import { stateContract } from './state-contract.ts';

const inMemory = backendOn('SQLite in memory', async () => {
  const disk = createMemoryDisk();
  return { open: () => openSqliteStore(disk), remove: () => disk.close() };
});

const onDisk = backendOn('SQLite on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hansa-storage-'));
  return {
    open: () => openSqliteStore(join(folder, 'hansa.db')),
    remove: () => rm(folder, { recursive: true }),
  };
});

for (const backend of [inMemory, onDisk]) {
  commitContract(backend);
  accountContract(backend);
  destinationContract(backend);
  eventContract(backend);
  roomContract(backend);
  receiptContract(backend);
  mediaContract(backend);
}
authGraphContract(inMemory);
stateContract(inMemory);

describe('a stored event that cannot be read', () => {
  it('costs itself, and neither its page nor what is to be sent', async () => {
    const two = 'two.example' as ServerName;
    const disk = createMemoryDisk();
    const before = { timeline: 1, at: 0 };
    const names = ['a', 'b', 'c', 'd'];
    const pdus = names.map((name) => samplePdu(name));
    const first = await openSqliteStore(disk);
    await insertSampleRoom(first);
    await first.transact(({ events, rooms, takePosition }) => {
      rooms.openStay(ROOM, two, takePosition());
      for (const pdu of pdus) {
        events.put(newEvent(pdu, { position: takePosition(), before, send: true }));
      }
    });
    await first.close();
    const broken = pdus[1]?.eventId as EventId;
    const other = pdus[3];
    // Another event in its place is as bad as none.
    disk
      .prepare('UPDATE events SET json = ? WHERE event_id = ?')
      .run(canonicalJsonBytes(other?.json ?? {}), broken);
    const problems: string[] = [];
    const report = (problem: string): void => void problems.push(problem);
    const store = await openSqliteStore(disk, { report });
    const { events, destinations } = store.readers;
    const range = { roomId: ROOM, from: 0, limit: 3 };
    const forward = await events.listRange({ ...range, direction: 'forward' });
    expect(forward.map(({ pdu }) => pdu.content['name'])).toEqual(['a', 'c', 'd']);
    const last = { ...range, direction: 'backward', from: 99, limit: 4 } as const;
    const backward = await events.listRange(last);
    expect(backward.map(({ pdu }) => pdu.content['name'])).toEqual(['d', 'c', 'a']);
    expect(await events.find(ROOM, broken)).toMatchObject({
      verdict: 'quarantined',
      position: undefined,
      after: before,
      pdu: { eventId: broken, content: {}, prevEvents: [] },
    });
    const due = await destinations.listDue({ server: two, after: 0, limit: 2 });
    expect([due.events.length, due.upTo]).toEqual([1, 3]);
    expect(problems).toEqual([expect.stringContaining(broken)]);
    await store.close();
    disk.close();
  });
});

describe('a database file', () => {
  it('is refused while another process holds it, and free when that has died', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hansa-storage-'));
    const path = join(folder, 'hansa.db');
    const store = await openSqliteStore(path);
    const module = new URL('../sqlite/open-sqlite-store.ts', import.meta.url).href;
    // The second process never closes: it is the operating system that lets go.
    const script = `
      const { openSqliteStore } = await import(${JSON.stringify(module)});
      await openSqliteStore(${JSON.stringify(path)});
      console.log('opened');
      process.kill(process.pid, 'SIGKILL');`;
    const attempt = () =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const refused = attempt();
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain('is in use by another process');
    await store.close();
    expect(attempt().stdout).toContain('opened');
    await (await openSqliteStore(path)).close();
    await rm(folder, { recursive: true });
  });
});
