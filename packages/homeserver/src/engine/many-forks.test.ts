import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventId, Pdu, RoomId } from '@hansa/protocol';
import { forge } from './testing/forge.ts';
import { say, stateOf } from './testing/rooms.ts';
import { sharedRoom } from './testing/shared-room.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

let network: TestNetwork;
let one: TestServer;
let two: TestServer;
let roomId: RoomId;
beforeEach(async () => {
  network = new TestNetwork();
  [one, two] = await network.addServers('one.example', 'two.example');
  const powerLevels = { users: { [two.user('bob')]: 100 } };
  roomId = await sharedRoom(network, one, [[two, 'bob']], { powerLevels });
});
afterEach(() => network.close());

/** State events of two's that all follow the same event. */
async function stateForks(count: number, type: string): Promise<readonly Pdu[]> {
  const prevEvents = await tips(one);
  const forks: Pdu[] = [];
  for (let n = 0; n < count; n += 1) {
    const sender = two.user('bob');
    const fields = { roomId, type, stateKey: `${n}`, sender, content: {}, prevEvents };
    forks.push(await forge(two, one, fields));
  }
  return forks;
}

function tips(server: TestServer): Promise<readonly EventId[]> {
  return server.store.readers.rooms.listExtremities(roomId);
}

function push(server: TestServer, pdus: readonly Pdu[]): Promise<unknown> {
  return server.engine.receive(
    two.name,
    pdus.map(({ json }) => json),
  );
}

describe('forks', () => {
  it('are resolved once for all that come together', async () => {
    const forks = await stateForks(60, 'org.example.key');
    const { events, states } = one.store.readers;
    const resolutions = vi.spyOn(events, 'loadAuthGraph');
    const rowReads = vi.spyOn(states, 'listRows');
    await push(one, forks.slice(0, 30));
    await push(one, forks.slice(30));
    expect(resolutions).toHaveBeenCalledTimes(2);
    // What differs in the tips is kept: each transaction compares the state that its forks leave, and no more.
    expect(rowReads.mock.calls.length).toBeLessThan(10);
    expect(await tips(one)).toHaveLength(60);
    expect(Object.keys(await stateOf(one, roomId))).toEqual(
      expect.arrayContaining(forks.map(({ stateKey }) => `org.example.key ${stateKey ?? ''}`)),
    );
  });

  it('come to the same, one by one and together', async () => {
    const three = await network.addServer('three.example');
    await three.engine.join({ roomId, userId: three.user('carol'), via: [one.name], content: {} });
    await network.settle();
    const prevEvents = await tips(one);
    const forks: Pdu[] = [];
    for (const [n, level] of [50, 40, 30].entries()) {
      const sender = one.user('alice');
      const powers = { users: { [two.user('bob')]: level } };
      const power = { roomId, type: 'm.room.power_levels', stateKey: '', sender, content: powers };
      forks.push(await forge(one, one, { ...power, prevEvents }));
      const bobs = { roomId, sender: two.user('bob'), prevEvents };
      const ban = { type: 'm.room.member', stateKey: `@${n}:else.example` };
      forks.push(await forge(two, one, { ...bobs, ...ban, content: { membership: 'ban' } }));
      const name = { type: 'm.room.name', stateKey: '', content: { name: `${n}` } };
      forks.push(await forge(two, one, { ...bobs, ...name }));
    }
    await push(one, forks);
    for (const fork of forks) await push(three, [fork]);
    expect(await stateOf(three, roomId)).toEqual(await stateOf(one, roomId));
    for (const { eventId } of forks) {
      const [here, there] = [one, three].map(({ views }) => views.findEvent(roomId, eventId));
      expect((await here)?.verdict).toBe((await there)?.verdict);
    }
  });

  it('are known to whoever speaks next', async () => {
    const forks = await stateForks(12, 'org.example.key');
    const pushed = push(one, forks);
    const said = say(one, roomId, 'alice', 'at the same time');
    await pushed;
    const { eventId } = await said;
    await say(one, roomId, 'alice', 'afterwards');
    const state = await one.views.currentState(roomId);
    expect(await state.list('org.example.key')).toHaveLength(12);
    expect((await one.views.findEvent(roomId, eventId))?.verdict).toBe('accepted');
    expect(await tips(one)).toHaveLength(1);
  });
});

describe('[SEC-33] more forks than a room takes', () => {
  const limits = { forwardExtremities: 10 };

  /** Forks of two's by bob, who has power, at a server whose only user may say nothing. */
  async function silentServer(): Promise<{ silent: TestServer; forks: readonly Pdu[] }> {
    const silent = await network.addServer('silent.example', { limits });
    const powerLevels = { users: { [two.user('bob')]: 100 }, events_default: 50 };
    const others = [[two, 'bob'] as const, [silent, 'sam'] as const];
    roomId = await sharedRoom(network, one, others, { powerLevels });
    return { silent, forks: await stateForks(30, 'org.example.key') };
  }

  async function held(server: TestServer): Promise<number> {
    await network.idle();
    return server.store.readers.stage.count(roomId);
  }

  it('wait, and are merged by an event of ours', async () => {
    const three = await network.addServer('three.example', { limits });
    await three.engine.join({ roomId, userId: three.user('carol'), via: [one.name], content: {} });
    await network.settle();
    const forks = await stateForks(30, 'org.example.key');
    const membersRead = vi.spyOn(three.store.readers.rooms, 'listMembers');
    await push(three, forks);
    expect(await held(three)).toBe(0);
    // Who merges is found once, however many merges it takes.
    expect(membersRead.mock.calls.length).toBeLessThanOrEqual(4);
    const state = await three.views.currentState(roomId);
    expect(await state.list('org.example.key')).toHaveLength(30);
    expect((await tips(three)).length).toBeLessThanOrEqual(10);
  });

  it('wait as long as nobody merges them, and nothing else does', async () => {
    const { silent, forks } = await silentServer();
    await push(silent, forks);
    expect(await tips(silent)).toHaveLength(10);
    expect(await held(silent)).toBe(20);
    // Whoever has made none is not held up by who makes many.
    const said = await say(one, roomId, 'alice', 'hello');
    await network.settle();
    expect(await tips(silent)).toContain(said.eventId);
    expect(await held(silent)).toBe(20);
    await silent.restart();
    network.time.advance(48 * 3_600_000);
    const prevEvents = await tips(silent);
    const bobs = { roomId, sender: two.user('bob') };
    const name = { type: 'm.room.name', stateKey: '', content: { name: 'merged' } };
    const merge = await forge(two, silent, { ...bobs, ...name, prevEvents });
    await push(silent, [merge]);
    expect(await held(silent)).toBe(11);
    for (let merged = await tips(silent); merged.length > 1; merged = await tips(silent)) {
      const content = { body: 'merges' };
      const type = 'm.room.message';
      await push(silent, [
        await forge(two, silent, { ...bobs, type, content, prevEvents: merged }),
      ]);
      await network.idle();
    }
    expect(await held(silent)).toBe(0);
    const state = await silent.views.currentState(roomId);
    expect(await state.list('org.example.key')).toHaveLength(30);
  });

  function follow(
    server: TestServer,
    localpart: string,
    prevEvents: readonly EventId[],
    body: string,
  ): Promise<Pdu> {
    const sender = server.user(localpart);
    const message = { roomId, type: 'm.room.message', sender, content: { body } };
    return forge(server, one, { ...message, prevEvents });
  }

  const send = async (silent: TestServer, from: TestServer, pdu: Pdu): Promise<void> => {
    await silent.engine.receive(from.name, [pdu.json]);
    await network.idle();
  };

  /** The first ten of the forks are in, the others wait; one has all of them. */
  async function flooded(): Promise<{ silent: TestServer; waiting: readonly EventId[] }> {
    const { silent, forks } = await silentServer();
    await push(one, forks);
    await push(silent, forks);
    const known = new Set(await tips(silent));
    const waiting = forks.map(({ eventId }) => eventId).filter((eventId) => !known.has(eventId));
    expect([known.size, waiting.length]).toEqual([10, 20]);
    return { silent, waiting };
  }

  it('come in with an event of another server that merges them', async () => {
    const { silent, waiting } = await flooded();
    const merge = await follow(one, 'alice', waiting, 'merges what waits');
    await send(silent, one, merge);
    expect(await held(silent)).toBe(0);
    expect(await tips(silent)).toContain(merge.eventId);
    expect(await tips(silent)).toHaveLength(11);
    const state = await silent.views.currentState(roomId);
    expect(await state.list('org.example.key')).toHaveLength(30);
  });

  it('come in with it when other events that wait stand between', async () => {
    const { silent, waiting } = await flooded();
    const between: EventId[] = [];
    for (const half of [waiting.slice(0, 10), waiting.slice(10)]) {
      const merge = await follow(two, 'bob', half, 'of the flooding server');
      await push(one, [merge]);
      await push(silent, [merge]);
      between.push(merge.eventId);
    }
    expect(await held(silent)).toBe(22);
    const last = await follow(one, 'alice', between, 'merges what merges');
    await send(silent, one, last);
    expect(await held(silent)).toBe(0);
    expect(await tips(silent)).toHaveLength(11);
  });

  it('do not come in with an event of the server that makes them', async () => {
    const { silent, waiting } = await flooded();
    for (const eventId of waiting) {
      await push(silent, [await follow(two, 'bob', [eventId], 'child')]);
    }
    expect(await held(silent)).toBe(40);
    expect(await tips(silent)).toHaveLength(10);
  });

  it('do not come in with an event that is not accepted, and later with one that is', async () => {
    const { silent, waiting } = await flooded();
    const refused = await follow(one, 'stranger', waiting, 'not in the room');
    await send(silent, one, refused);
    const before = await tips(silent);
    expect(before).toHaveLength(10);
    expect(await held(silent)).toBe(21);
    await send(silent, one, await follow(one, 'alice', waiting, 'merges'));
    expect(await tips(silent)).toHaveLength(11);
    expect(await silent.store.readers.events.find(roomId, waiting[0] as EventId)).toBeDefined();
  });

  it('do not come in with an event that lacks something else, too', async () => {
    const { silent, waiting } = await flooded();
    const unheardOf = await follow(one, 'alice', waiting, 'never sent');
    const parents = [...waiting.slice(1), unheardOf.eventId];
    network.silent.add('get_missing_events');
    await send(silent, one, await follow(one, 'alice', parents, 'merges'));
    expect(await tips(silent)).toHaveLength(10);
  });
});
