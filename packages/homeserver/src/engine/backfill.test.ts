import type { EventId, RoomId, RoomVersionId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge } from './testing/forge.ts';
import { roomCreation, say, setState, stateOf } from './testing/rooms.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

let network: TestNetwork;
let one: TestServer;
let two: TestServer;
let roomId: RoomId;
beforeEach(async () => {
  network = new TestNetwork();
  [one, two] = await network.addServers('one.example', 'two.example');
});
afterEach(() => network.close());

async function openRoom(version: RoomVersionId = '12'): Promise<void> {
  roomId = await one.engine.createRoom(roomCreation(one.user('alice'), { version }));
}

const join = () =>
  two.engine.join({ roomId, userId: two.user('bob'), via: [one.name], content: {} });

/** Everything that a server shows of the room, the oldest first. */
async function history(server: TestServer): Promise<readonly string[]> {
  const from = Number.MAX_SAFE_INTEGER;
  const events = await server.views.timeline({ roomId, direction: 'backward', from, limit: 999 });
  return events.map(({ pdu }) => pdu.eventId).toReversed();
}

async function oldestPosition(server: TestServer): Promise<number> {
  const from = Number.MIN_SAFE_INTEGER;
  const [oldest] = await server.views.timeline({ roomId, direction: 'forward', from, limit: 1 });
  return oldest?.position ?? 0;
}

async function fetchAll(limit: number): Promise<number> {
  for (let pages = 0; pages < 50; pages += 1) {
    const more = await two.engine.backfill(roomId, limit);
    if (!more) return pages;
  }
  throw new Error('history does not end');
}

async function expectSameStates(): Promise<void> {
  for (const eventId of await history(two)) {
    for (const around of ['stateBefore', 'stateAfter'] as const) {
      const listed = await Promise.all(
        [one, two].map(async ({ views }) => (await views[around](roomId, eventId as never)).list()),
      );
      const [ours, theirs] = listed.map((events) => events.map((pdu) => pdu.eventId).toSorted());
      expect(theirs).toEqual(ours);
    }
  }
}

const requestsOf = (kind: string) => network.requests.filter((entry) => entry.includes(kind));

describe('history from before our time', () => {
  it.each<RoomVersionId>(['2', '10', '12'])(
    'comes page by page, with the state at every event, in version %s',
    async (version) => {
      await openRoom(version);
      for (let n = 0; n < 12; n += 1) {
        await say(one, roomId, 'alice', `message ${n}`);
        if (n % 3 === 0) await setState(one, roomId, 'alice', 'm.room.name', { name: `name ${n}` });
        if (n % 5 === 0) await setState(one, roomId, 'alice', 'm.room.topic', { topic: `${n}` });
      }
      await join();
      await network.settle();
      const advances: unknown[] = [];
      two.advances.subscribe((advance) => advances.push(advance));
      const position = await two.views.position();
      const before = await stateOf(two, roomId);
      expect(await fetchAll(5)).toBeGreaterThan(3);
      expect(await history(two)).toEqual(await history(one));
      await expectSameStates();
      expect(await oldestPosition(two)).toBeLessThan(0);
      // Nothing of it is new to anybody.
      expect(advances).toEqual([]);
      expect(await two.views.position()).toBe(position);
      expect(await stateOf(two, roomId)).toEqual(before);
      await two.restart();
      await say(two, roomId, 'bob', 'still here');
      await network.settle();
      expect(await stateOf(two, roomId)).toEqual(await stateOf(one, roomId));
    },
  );

  it('asks for no state where a page has none', async () => {
    await openRoom();
    for (let n = 0; n < 10; n += 1) await say(one, roomId, 'alice', `message ${n}`);
    await join();
    expect(await two.engine.backfill(roomId, 8)).toBe(true);
    expect(requestsOf('state_ids')).toEqual([]);
    expect(await history(two)).toHaveLength(9);
    await expectSameStates();
  });

  it('goes on behind a place where the room had forked', async () => {
    await openRoom();
    await setState(one, roomId, 'alice', 'm.room.name', { name: 'first' });
    const fork = await one.store.readers.rooms.listExtremities(roomId);
    await say(one, roomId, 'alice', 'left');
    const right = await forge(one, one, {
      roomId,
      type: 'm.room.topic',
      stateKey: '',
      sender: one.user('alice'),
      content: { topic: 'right' },
      prevEvents: fork,
    });
    await one.engine.receive(two.name, [right.json]);
    await say(one, roomId, 'alice', 'merged');
    await setState(one, roomId, 'alice', 'm.room.name', { name: 'second' });
    await join();
    await network.settle();
    await fetchAll(3);
    expect([...(await history(two))].toSorted()).toEqual([...(await history(one))].toSorted());
    await expectSameStates();
  });

  it('shows redacted events as such, without telling anybody anew', async () => {
    await openRoom();
    const secret = await say(one, roomId, 'alice', 'secret');
    await say(one, roomId, 'alice', 'between');
    await one.engine.send({
      roomId,
      sender: one.user('alice'),
      type: 'm.room.redaction',
      redacts: secret.eventId,
      content: {},
    });
    await join();
    await network.settle();
    const position = await two.views.position();
    await fetchAll(2);
    const shown = await two.views.findEvent(roomId, secret.eventId);
    expect(shown).toMatchObject({ pdu: { content: {} } });
    expect(await history(two)).toEqual(await history(one));
    expect(await two.views.position()).toBe(position);
  });

  it('takes nothing from the rules that we go by, where others give out a redacted event', async () => {
    await openRoom('10');
    const sender = one.user('alice');
    const levels = { users: { [sender]: 100 }, invite: 50 };
    const powers = await setState(one, roomId, 'alice', 'm.room.power_levels', levels);
    await join();
    const redacts = powers.eventId;
    await one.engine.send({ roomId, sender, type: 'm.room.redaction', redacts, content: {} });
    await network.settle();
    await fetchAll(9);
    const invite = { roomId, sender: two.user('bob'), target: two.user('berta'), content: {} };
    await expect(two.engine.invite(invite)).rejects.toThrow('AUTH-5.4.5');
  });

  it('ends at once in a room of our own, and where nobody answers', async () => {
    await openRoom();
    expect(await one.engine.backfill(roomId, 10)).toBe(false);
    await say(one, roomId, 'alice', 'before');
    await join();
    await network.settle();
    network.offline.add(one.name);
    expect(await two.engine.backfill(roomId, 10)).toBe(false);
  });

  it('keeps what it cannot judge from everybody', async () => {
    await openRoom();
    await setState(one, roomId, 'alice', 'm.room.name', { name: 'first' });
    await say(one, roomId, 'alice', 'message');
    await join();
    await network.settle();
    const asked = network.requests.length;
    network.silent.add('state_ids');
    expect(await two.engine.backfill(roomId, 3)).toBe(false);
    expect(network.requests.length).toBeGreaterThan(asked);
    expect(await history(two)).toHaveLength(1);
    // From other servers too, of which none would get an answer that it is part of. Found by the simulator, seed 734911479.
    const [joined] = await history(two);
    const from = (await two.views.findEvent(roomId, joined as EventId))?.pdu.prevEvents ?? [];
    expect(await two.views.findEvent(roomId, from[0] as EventId)).toMatchObject({
      place: 'timeline',
    });
    const walk = { roomId, from, stopAt: new Set<EventId>(), limit: 9, minDepth: 0 };
    expect(await two.views.walkBack(walk)).toEqual([]);
  });
});

describe('history that was missed', () => {
  /** As somebody reads: the newest first, each gap when it is come to. */
  async function pageBack(server: TestServer, limit: number): Promise<void> {
    const gap = async () => {
      const from = Number.MAX_SAFE_INTEGER;
      const events = await server.views.timeline({
        roomId,
        direction: 'backward',
        from,
        limit: 999,
      });
      return events.find(({ followsGap }) => followsGap === true)?.position;
    };
    for (let below = await gap(); below !== undefined; below = await gap()) {
      expect(await server.engine.backfill(roomId, limit, below)).toBe(true);
    }
    while (await server.engine.backfill(roomId, limit));
  }

  it.each<RoomVersionId>(['2', '10', '12'])(
    'between two stays is put between them, and what was before the first before it, in version %s',
    async (version) => {
      await openRoom(version);
      await setState(one, roomId, 'alice', 'm.room.topic', { topic: 'before the first stay' });
      for (const stay of ['first', 'second', 'third']) {
        await join();
        await say(two, roomId, 'bob', `during the ${stay} stay`);
        await network.settle();
        await two.engine.leave({ roomId, userId: two.user('bob'), content: {} });
        await network.settle();
        for (let n = 0; n < 7; n += 1) await say(one, roomId, 'alice', `after ${stay}: ${n}`);
        await setState(one, roomId, 'alice', 'm.room.topic', { topic: `after the ${stay} stay` });
        await say(one, roomId, 'alice', `and then, after ${stay}`);
      }
      await join();
      await network.settle();
      await two.restart();
      const position = await two.views.position();
      const before = await stateOf(two, roomId);
      await pageBack(two, 3);
      expect(await history(two)).toEqual(await history(one));
      await expectSameStates();
      // Nothing of it is new to anybody.
      expect(await two.views.position()).toBe(position);
      expect(await stateOf(two, roomId)).toEqual(before);
      await say(two, roomId, 'bob', 'still here');
      await network.settle();
      expect(await stateOf(two, roomId)).toEqual(await stateOf(one, roomId));
    },
  );

  it('while we could not be reached for long is put into its gap', async () => {
    two = await network.addServer('small.example', {
      limits: { missingEvents: 2, missingRounds: 2 },
    });
    await openRoom();
    await join();
    await network.settle();
    await fetchAll(20);
    network.cut.add('one.example small.example');
    for (let n = 0; n < 15; n += 1) await say(one, roomId, 'alice', `missed ${n}`);
    await setState(one, roomId, 'alice', 'm.room.topic', { topic: 'missed' });
    for (let n = 15; n < 30; n += 1) await say(one, roomId, 'alice', `missed ${n}`);
    await network.lose(one, two);
    network.cut.clear();
    await say(one, roomId, 'alice', 'heard');
    await network.settle();
    expect((await history(two)).length).toBeLessThan((await history(one)).length);
    await pageBack(two, 4);
    expect(await history(two)).toEqual(await history(one));
    await expectSameStates();
  });
});
