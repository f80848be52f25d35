import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventId } from '@hansa/protocol';
import type { Store, Writers } from '@hansa/storage';
import { expect, it } from 'vitest';
import { forge } from '../testing/forge.ts';
import { roomCreation, say, setState } from '../testing/rooms.ts';
import { TestNetwork } from '../testing/test-network.ts';

const PACKAGES = join(import.meta.dirname, '../../../../../packages');

async function sourcesWith(pattern: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(PACKAGES, { recursive: true })) {
    const isSource = entry.endsWith('.ts') && !entry.endsWith('.test.ts');
    if (!isSource || entry.includes('node_modules')) continue;
    if (pattern.test(await readFile(join(PACKAGES, entry), 'utf8'))) found.push(entry);
  }
  return found.toSorted();
}

it('[SEC-02] stores events at one place in the source, which takes only what was vetted', async () => {
  // `Vetted` can be made in the funnel's folder alone; `putEvent` is called there alone; it alone calls the store.
  expect(await sourcesWith(/\basVetted\(/)).toEqual([
    // The copy of it that was vetted before.
    'homeserver/src/engine/funnel/fuller-copy.ts',
    'homeserver/src/engine/funnel/own-event.ts',
    'homeserver/src/engine/funnel/vet.ts',
    'homeserver/src/engine/funnel/vetted.ts',
  ]);
  expect(await sourcesWith(/\bas Vetted\b/)).toEqual(['homeserver/src/engine/funnel/vetted.ts']);
  expect(await sourcesWith(/\.putEvent\(/)).toEqual([
    'homeserver/src/engine/funnel/place-event.ts',
    'homeserver/src/engine/funnel/put-historic.ts',
    'homeserver/src/engine/funnel/put-outliers.ts',
  ]);
  expect(await sourcesWith(/\bevents\.put\(/)).toEqual([
    'homeserver/src/engine/room/room-draft.ts',
    'storage/src/contract/auth-graph-contract.ts',
    'storage/src/contract/destination-contract.ts',
    'storage/src/contract/event-contract.ts',
    'storage/src/contract/room-contract.ts',
    'storage/src/contract/state-contract.ts',
    // Passes on what the funnel puts.
    'workspace/src/metrics/measure-store.ts',
  ]);
});

/** Notes every event that reaches the store, by whatever way. */
function noting(store: Store, stored: Set<EventId>): Store {
  const note = (writers: Writers): Writers => ({
    ...writers,
    events: Object.assign(Object.create(writers.events) as Writers['events'], {
      put(event: Parameters<Writers['events']['put']>[0]) {
        stored.add(event.pdu.eventId);
        writers.events.put(event);
      },
    }),
  });
  return {
    incarnation: store.incarnation,
    readers: store.readers,
    transact: (record) => store.transact((writers) => record(note(writers))),
    newTimeline: () => store.newTimeline(),
    close: () => store.close(),
  };
}

it('[SEC-02] has checked the signatures of every event that it stored, whichever way it came', async () => {
  const network = new TestNetwork();
  const one = await network.addServer('one.example');
  const stored = new Set<EventId>();
  const two = await network.addServer('two.example', {
    wrapStore: (store) => noting(store, stored),
  });
  const roomId = await one.engine.createRoom(roomCreation(one.user('alice')));
  await setState(one, roomId, 'alice', 'm.room.name', { name: 'before two' });
  network.checked.clear();
  await two.engine.join({ roomId, userId: two.user('bob'), via: [one.name], content: {} });
  await network.settle();
  await say(one, roomId, 'alice', 'pushed');
  await network.settle();
  await say(one, roomId, 'alice', 'pulled');
  await network.lose(one, two);
  await say(one, roomId, 'alice', 'after the gap');
  await network.settle();
  const rejected = await forge(one, one, {
    roomId,
    type: 'm.room.name',
    stateKey: '',
    sender: one.user('stranger'),
    content: {},
  });
  await two.engine.receive(one.name, [rejected.json]);
  await say(two, roomId, 'bob', 'of our own');
  const notChecked = [...stored].filter((eventId) => !network.checked.has(eventId));
  const own = await two.views.timeline({ roomId, direction: 'backward', from: 999, limit: 1 });
  expect(notChecked).toEqual(own.map(({ pdu }) => pdu.eventId));
  expect(stored.size).toBeGreaterThan(8);
  await network.close();
});
