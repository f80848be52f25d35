import type { RoomId, RoomVersionId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge } from './testing/forge.ts';
import { bodies, say, setState, stateOf } from './testing/rooms.ts';
import { join, sharedRoom } from './testing/shared-room.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

let network: TestNetwork;
let one: TestServer;
let two: TestServer;
let three: TestServer;
beforeEach(async () => {
  network = new TestNetwork();
  [one, two, three] = await network.addServers('one.example', 'two.example', 'three.example');
});
afterEach(() => network.close());

/** A room of three servers in which bob, of two, has power as well. */
function openRoom(version: RoomVersionId): Promise<RoomId> {
  const users =
    version === '12'
      ? { [two.user('bob')]: 100 }
      : { [one.user('alice')]: 100, [two.user('bob')]: 100 };
  const others = [[two, 'bob'] as const, [three, 'carol'] as const];
  return sharedRoom(network, one, others, { version, powerLevels: { users } });
}

async function apart(meanwhile: () => Promise<void>): Promise<void> {
  const routes = [one, two, three].flatMap((from) =>
    [one, two, three].map((to) => `${from.name} ${to.name}`),
  );
  for (const route of routes) network.cut.add(route);
  await meanwhile();
  network.cut.clear();
  await network.settle();
}

async function expectAgreement(roomId: RoomId): Promise<Readonly<Record<string, string>>> {
  const [first, ...others] = await Promise.all(
    [one, two, three].map((server) => stateOf(server, roomId)),
  );
  for (const other of others) expect(other).toEqual(first);
  for (const server of [one, two, three]) {
    const tips = await server.store.readers.rooms.listExtremities(roomId);
    expect(new Set(tips)).toEqual(new Set(await one.store.readers.rooms.listExtremities(roomId)));
    expect(await server.store.readers.stage.count(roomId)).toBe(0);
  }
  return first ?? {};
}

describe.each<RoomVersionId>(['1', '6', '11', '12'])('servers apart, version %s', (version) => {
  it('agree afterwards on messages and states of both', async () => {
    const roomId = await openRoom(version);
    await apart(async () => {
      await setState(one, roomId, 'alice', 'm.room.name', { name: 'by alice' });
      await setState(two, roomId, 'bob', 'm.room.topic', { topic: 'by bob' });
      await say(three, roomId, 'carol', 'by carol');
    });
    const state = await expectAgreement(roomId);
    expect(Object.keys(state)).toEqual(expect.arrayContaining(['m.room.name ', 'm.room.topic ']));
    await say(three, roomId, 'carol', 'together again');
    await network.settle();
    await expectAgreement(roomId);
    for (const server of [one, two, three]) {
      const said = new Set(await bodies(server, roomId));
      expect(said).toEqual(new Set(['by carol', 'together again']));
    }
  });

  it('agree on one of two values of the same key', async () => {
    const roomId = await openRoom(version);
    await apart(async () => {
      await setState(one, roomId, 'alice', 'm.room.name', { name: 'by alice' });
      await setState(two, roomId, 'bob', 'm.room.name', { name: 'by bob' });
    });
    await expectAgreement(roomId);
    await apart(async () => {
      await setState(two, roomId, 'bob', 'm.room.name', { name: 'by bob again' });
      await setState(one, roomId, 'alice', 'm.room.join_rules', { join_rule: 'invite' });
      await setState(one, roomId, 'alice', 'm.room.name', { name: 'by alice again' });
    });
    await expectAgreement(roomId);
  });

  it('agree on a ban that one of them has not seen', async () => {
    const roomId = await openRoom(version);
    await apart(async () => {
      const ban = { membership: 'ban' };
      await setState(one, roomId, 'alice', 'm.room.member', ban, three.user('carol'));
      await say(three, roomId, 'carol', 'said before the ban was known');
    });
    expect(await one.views.joinedServers(roomId)).toEqual(['one.example', 'two.example']);
    expect(await two.views.joinedServers(roomId)).toEqual(['one.example', 'two.example']);
    expect(await three.views.findRoom(roomId)).toMatchObject({ residence: 'left' });
    expect(await stateOf(two, roomId)).toEqual(await stateOf(one, roomId));
    // One knew of the ban, so nobody there sees it. It is no reason to lose what others sent.
    expect(await bodies(one, roomId)).toEqual([]);
    await say(two, roomId, 'bob', 'life goes on');
    await network.settle();
    expect(await bodies(one, roomId)).toEqual(['life goes on']);
  });
});

// Found by the simulator, seed 64883873: /sync said nothing more of the room, and never that it was over.
it.each<RoomVersionId>(['6', '11', '12'])(
  'tells who came in while another server forbade that, in version %s, and is out by resolution',
  async (version) => {
    const roomId = await openRoom(version);
    const ben = two.user('ben');
    await apart(async () => {
      await setState(one, roomId, 'alice', 'm.room.join_rules', { join_rule: 'invite' });
      await join(two, roomId, 'ben', two);
      expect(await two.views.membershipsOf(ben)).toMatchObject([{ roomId, membership: 'join' }]);
    });
    const state = await stateOf(two, roomId);
    expect(state).toEqual(await stateOf(one, roomId));
    expect(state).not.toHaveProperty([`m.room.member ${ben}`]);
    const [membership] = await two.views.membershipsOf(ben);
    expect(membership).toMatchObject({ roomId, membership: 'leave' });
    const joined = membership && (await two.views.findEvent(roomId, membership.eventId));
    expect(membership?.position).toBeGreaterThan(joined?.position ?? Infinity);
    expect(await two.views.findRoom(roomId)).toMatchObject({ residence: 'joined' });
  },
);

it('merges forks by the next event, and keeps their states', async () => {
  const roomId = await openRoom('12');
  const fork = await one.store.readers.rooms.listExtremities(roomId);
  const left = await setState(one, roomId, 'alice', 'm.room.name', { name: 'left' });
  const right = await forge(two, one, {
    roomId,
    type: 'm.room.topic',
    stateKey: '',
    sender: two.user('bob'),
    content: { topic: 'right' },
    prevEvents: fork,
  });
  await one.engine.receive(two.name, [right.json]);
  const tips = await one.store.readers.rooms.listExtremities(roomId);
  expect([...tips].toSorted()).toEqual([left.eventId, right.eventId].toSorted());
  const merge = await say(one, roomId, 'alice', 'merge');
  expect(await one.store.readers.rooms.listExtremities(roomId)).toEqual([merge.eventId]);
  const nameAfter = async (eventId: typeof merge.eventId, type: string) =>
    (await (await one.views.stateAfter(roomId, eventId)).find(type, ''))?.eventId;
  expect(await nameAfter(right.eventId, 'm.room.name')).toBeUndefined();
  expect(await nameAfter(right.eventId, 'm.room.topic')).toBe(right.eventId);
  expect(await nameAfter(merge.eventId, 'm.room.name')).toBe(left.eventId);
  expect(await nameAfter(merge.eventId, 'm.room.topic')).toBe(right.eventId);
});

it('names at most 20 of many forks, and comes to one end by and by', async () => {
  const roomId = await openRoom('12');
  const fork = await one.store.readers.rooms.listExtremities(roomId);
  const pdus = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      forge(two, one, {
        roomId,
        type: 'm.room.message',
        sender: two.user('bob'),
        content: { body: `fork ${n}` },
        prevEvents: fork,
      }),
    ),
  );
  await one.engine.receive(
    two.name,
    pdus.map(({ json }) => json),
  );
  expect(await one.store.readers.rooms.listExtremities(roomId)).toHaveLength(30);
  const first = await say(one, roomId, 'alice', 'first');
  const stored = await one.views.findEvent(roomId, first.eventId);
  expect(stored?.pdu.prevEvents).toHaveLength(20);
  await say(one, roomId, 'alice', 'second');
  expect(await one.store.readers.rooms.listExtremities(roomId)).toHaveLength(1);
});

it('grows forks of forks no deeper than its bound, with every state kept', async () => {
  const roomId = await openRoom('12');
  const [root] = await one.store.readers.rooms.listExtremities(roomId);
  let parent = root;
  for (let n = 0; n < 25; n += 1) {
    const side = (name: string) =>
      forge(two, one, {
        roomId,
        type: 'org.example.key',
        stateKey: `${name} ${n}`,
        sender: two.user('bob'),
        content: {},
        prevEvents: parent === undefined ? [] : [parent],
      });
    // Two children of each: the second one opens a timeline beside the first.
    const [first, second] = [await side('first'), await side('second')];
    await one.engine.receive(two.name, [first.json]);
    await one.engine.receive(two.name, [second.json]);
    parent = second.eventId;
    const { after } = (await one.store.readers.events.find(roomId, second.eventId)) ?? {};
    const { depth } = await one.store.readers.states.getTimeline(after?.timeline ?? -1);
    expect(depth).toBeLessThanOrEqual(16);
    const state = await one.views.stateAfter(roomId, second.eventId);
    expect(await state.list('org.example.key')).toHaveLength(n + 1);
  }
});
