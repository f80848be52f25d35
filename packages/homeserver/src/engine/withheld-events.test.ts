import { RemoteServerError } from '@hansa/net';
import type { EventId, Pdu, RoomId, RoomVersionId, ServerName } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge } from './testing/forge.ts';
import { LyingNetwork } from './testing/lying-network.ts';
import { bodies, say, setState, stateOf } from './testing/rooms.ts';
import { join, leave, sharedRoom } from './testing/shared-room.ts';
import type { TestServer } from './testing/test-server.ts';

const HOUR_MS = 3_600_000;

let network: LyingNetwork;
let one: TestServer;
let two: TestServer;
let evil: TestServer;
beforeEach(async () => {
  network = new LyingNetwork();
  [one, two, evil] = await network.addServers('one.example', 'two.example', 'evil.example');
});
afterEach(() => network.close());

const push = (to: TestServer, from: TestServer, pdus: readonly Pdu[]) =>
  to.engine.receive(
    from.name,
    pdus.map(({ json }) => json),
  );

const share = (options: Parameters<typeof sharedRoom>[3]) =>
  sharedRoom(
    network,
    one,
    [
      [two, 'bob'],
      [evil, 'mallory'],
    ],
    options,
  );

/** Bob says something every hour. */
async function tenHours(roomId: RoomId): Promise<readonly string[]> {
  const said: string[] = [];
  for (let hour = 0; hour < 10; hour += 1) {
    said.push(`honest ${hour}`);
    await say(two, roomId, 'bob', `honest ${hour}`);
    await network.settle();
    network.time.advance(HOUR_MS);
    await network.settle();
  }
  return said;
}

describe.each<RoomVersionId>(['6', '11', '12'])('in a room of version %s', (version) => {
  it.each(['evil.example', 'outsider.example'])(
    '%s makes no end of the room of what was before our time in it',
    async (liar) => {
      await network.addServer('outsider.example');
      const late = await network.addServer('late.example');
      const creator = version === '12' ? {} : { [one.user('alice')]: 100 };
      const users = { ...creator, [two.user('bob')]: 100 };
      const roomId = await share({ version, powerLevels: { users } });
      // What a state of the create event alone would not allow any more.
      await setState(two, roomId, 'bob', 'm.room.topic', { topic: 'ours' });
      const lowered = { users: { ...users, [two.user('bob')]: 0 } };
      await setState(two, roomId, 'bob', 'm.room.power_levels', lowered);
      await network.settle();
      await leave(two, roomId, 'bob');
      await network.settle();
      await join(late, roomId, 'lena', one);
      await network.settle();
      const before = await stateOf(late, roomId);
      const create = before['m.room.create '] as EventId;
      const message = { roomId, type: 'm.room.message', sender: evil.user('mallory'), content: {} };
      const { authEvents } = await forge(evil, one, message);
      const ofCreate = { ...message, prevEvents: [create], depth: 2, authEvents };
      const follower = await forge(evil, one, ofCreate);
      const createEvent = await one.views.findEvent(roomId, create);
      network.lies = {
        getMissingEvents: async () => (createEvent === undefined ? [] : [createEvent.pdu.json]),
      };
      await late.engine.receive(liar as ServerName, [follower.json]);
      await network.idle();
      network.lies = {};
      expect(await stateOf(late, roomId)).toEqual(before);
      await say(one, roomId, 'alice', 'still the same');
      await network.settle();
      expect(await stateOf(late, roomId)).toEqual(await stateOf(one, roomId));
    },
  );
});

describe('a server that withholds events', () => {
  it('does not keep us from those who follow what it has brought', async () => {
    const roomId = await share({});
    const message = { roomId, type: 'm.room.message', sender: evil.user('mallory') };
    const withheld = await forge(evil, two, { ...message, content: { n: 0 } });
    await push(two, evil, [withheld]);
    const prevEvents = [withheld.eventId];
    const follower = await forge(evil, two, { ...message, content: { n: 1 }, prevEvents });
    const honest = network.honestPortOf(one.name);
    network.lies = {
      getMissingEvents: async (server, query) =>
        server === evil.name ? [] : honest.getMissingEvents(server, query),
      event: async (server, eventId) =>
        server === evil.name ? undefined : honest.event(server, eventId),
      stateIds: async (server, room, eventId) => {
        if (server !== evil.name) return honest.stateIds(server, room, eventId);
        throw new RemoteServerError('no', { server, reachable: false, transient: true });
      },
    };
    await push(one, evil, [follower]);
    await network.idle();
    await push(two, evil, [follower]);
    expect(await bodies(one, roomId)).toEqual([]);
    const said = await tenHours(roomId);
    expect(await bodies(one, roomId)).toEqual(expect.arrayContaining([...said]));
    expect(await one.store.readers.stage.count(roomId)).toBe(0);
  });

  it.each([1, 3])('does not keep us from who merges its forks: %i hidden', async (hidden) => {
    const silent = await network.addServer('silent.example', { limits: { forwardExtremities: 4 } });
    const users = { [evil.user('mallory')]: 50, [two.user('bob')]: 50 };
    const roomId = await share({ powerLevels: { users, events_default: 50 } });
    await join(silent, roomId, 'sam', one);
    await network.settle();
    const prevEvents = await one.store.readers.rooms.listExtremities(roomId);
    const forks: Pdu[] = [];
    for (let n = 0; n < 8; n += 1) {
      const sketch = { roomId, type: 'm.room.message', sender: evil.user('mallory'), prevEvents };
      forks.push(await forge(evil, one, { ...sketch, content: { n } }));
    }
    for (const server of [one, two]) await push(server, evil, forks);
    await push(silent, evil, forks.slice(0, 8 - hidden));
    const said = await tenHours(roomId);
    expect(await bodies(silent, roomId)).toEqual(expect.arrayContaining([...said]));
  });

  it('moves the current state of a room by nothing that its end has passed', async () => {
    const roomId = await share({ powerLevels: { users: { [evil.user('mallory')]: 50 } } });
    const sketch = { roomId, sender: evil.user('mallory') };
    const extremities = () => one.store.readers.rooms.listExtremities(roomId);
    const follow = async (prevEvents: readonly EventId[], more: object): Promise<Pdu> => {
      const next = { ...sketch, type: 'm.room.message', content: {}, prevEvents, ...more };
      const pdu = await forge(evil, two, next);
      await push(two, evil, [pdu]);
      return pdu;
    };
    const topic = { type: 'm.room.topic', stateKey: '', content: { topic: 'late' } };
    const late = await follow(await extremities(), topic);
    const claimed = await follow([late.eventId], {});
    const last = await follow([claimed.eventId], {});
    const before = await stateOf(one, roomId);
    network.lies = {
      getMissingEvents: async () => [claimed.json],
      stateIds: async () => ({ state: Object.values(before) as EventId[], authChain: [] }),
      event: async () => undefined,
    };
    await push(one, evil, [last]);
    await network.idle();
    const ends = await extremities();
    expect(ends).toContain(last.eventId);
    await push(one, evil, [late]);
    await network.idle();
    expect(await one.views.findEvent(roomId, late.eventId)).toMatchObject({ verdict: 'accepted' });
    expect(await extremities()).toEqual(ends);
    expect(await stateOf(one, roomId)).toEqual(before);
  });
});

it('takes the copy of who sent an event, where another server has brought a spoilt one first', async () => {
  const roomId = await share({});
  network.keyless.add(two.name);
  const { eventId } = await say(two, roomId, 'bob', 'as it is');
  const sent = await two.views.findEvent(roomId, eventId);
  if (sent === undefined) throw new Error('it was sent');
  const text = JSON.stringify(sent.pdu.json);
  const spoilt = text.replace(/("ed25519:[^"]+":")..../, '$1AAAA');
  expect(spoilt).not.toBe(text);
  await one.engine.receive(evil.name, [JSON.parse(spoilt) as typeof sent.pdu.json]);
  await network.settle();
  network.keyless.clear();
  network.time.advance(HOUR_MS);
  await network.settle();
  expect(await bodies(one, roomId)).toEqual(['as it is']);
});
