import type { EventId, RoomId, RoomVersionId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge } from './testing/forge.ts';
import { bodies, roomCreation, say, setState } from './testing/rooms.ts';
import { expectSameRoom, join as joinBy, leave, refusedWith } from './testing/shared-room.ts';
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

const room = (options: Parameters<typeof roomCreation>[1] = {}): Promise<RoomId> =>
  one.engine.createRoom(roomCreation(one.user('alice'), options));

const join = (server: TestServer, roomId: RoomId, localpart: string, via = one) =>
  joinBy(server, roomId, localpart, via);

describe('joining by handshake', () => {
  it.each<RoomVersionId>(['1', '3', '6', '10', '11', '12'])(
    'brings people of three servers together, in version %s',
    async (version) => {
      const roomId = await room({ version });
      await say(one, roomId, 'alice', 'before');
      await join(two, roomId, 'bob');
      await network.settle();
      await join(three, roomId, 'carol', two);
      await network.settle();
      await say(one, roomId, 'alice', 'from one');
      await network.settle();
      await say(two, roomId, 'bob', 'from two');
      await network.settle();
      await say(three, roomId, 'carol', 'from three');
      await network.settle();
      expect(await bodies(one, roomId)).toEqual(['before', 'from one', 'from two', 'from three']);
      for (const server of [two, three]) {
        expect(await bodies(server, roomId)).toEqual(['from one', 'from two', 'from three']);
      }
      await expectSameRoom(roomId, [one, two, three]);
      expect(await three.views.joinedServers(roomId)).toEqual([
        'one.example',
        'three.example',
        'two.example',
      ]);
      expect(await two.views.joinedUsers(roomId)).toEqual([
        '@alice:one.example',
        '@bob:two.example',
        '@carol:three.example',
      ]);
    },
  );

  it('joins a second user of a server without asking anybody', async () => {
    const roomId = await room();
    await join(two, roomId, 'bob');
    const asked = network.requests.length;
    await join(two, roomId, 'berta');
    expect(network.requests.length).toBe(asked);
    await network.settle();
    await expectSameRoom(roomId, [one, two]);
  });

  it('makes one handshake of two joins at once', async () => {
    const roomId = await room();
    await Promise.all([join(two, roomId, 'bob'), join(two, roomId, 'berta')]);
    expect(network.requests.filter((request) => request.includes('send_join'))).toHaveLength(1);
    await network.settle();
    await expectSameRoom(roomId, [one, two]);
  });

  it('tries the next server when one does not answer, and tells what stood in the way', async () => {
    const roomId = await room({ joinRule: 'invite' });
    network.offline.add(three.name);
    const userId = two.user('bob');
    const attempt = (via: readonly TestServer[]) =>
      two.engine.join({ roomId, userId, via: via.map(({ name }) => name), content: {} });
    await expect(attempt([three, one])).rejects.toEqual(refusedWith('M_FORBIDDEN'));
    await setState(one, roomId, 'alice', 'm.room.join_rules', { join_rule: 'public' });
    await attempt([three, one]);
    expect(await two.views.findRoom(roomId)).toMatchObject({ residence: 'joined' });
  });

  it('is refused by a server that is not in the room', async () => {
    const roomId = await room();
    await expect(join(two, roomId, 'bob', three)).rejects.toEqual(refusedWith('M_NOT_FOUND'));
  });

  it('stages what comes before the answer to the join', async () => {
    const roomId = await room();
    await join(three, roomId, 'carol');
    await network.settle();
    network.intercept('send_join', async () => {
      // The join is in the room, and its answer is still on its way.
      await say(one, roomId, 'alice', 'early');
      await network.settle();
      expect(await two.store.readers.stage.count(roomId)).toBeGreaterThan(0);
    });
    await join(two, roomId, 'bob');
    await network.settle();
    expect(await bodies(two, roomId)).toEqual(['early']);
    expect(await two.store.readers.stage.count(roomId)).toBe(0);
    await expectSameRoom(roomId, [one, two, three]);
  });

  it.each([
    ['by the same event, where its server answers', false],
    ['as soon as its server answers again', true],
  ])('is taken up after a crash between its two questions, %s', async (_, isAway) => {
    const roomId = await room();
    network.intercept('send_join', async () => {
      // The resident has it, and we die before we hear of it.
      await two.crash();
    });
    await expect(join(two, roomId, 'bob')).rejects.toThrow('closed');
    await say(one, roomId, 'alice', 'welcome');
    if (isAway) network.offline.add(one.name);
    await two.start();
    await network.idle();
    const isIn = (await two.views.findRoom(roomId)) !== undefined;
    expect(isIn).toBe(!isAway);
    network.offline.clear();
    network.time.advance(60_000);
    await network.settle();
    expect(await two.views.findRoom(roomId)).toMatchObject({ residence: 'joined' });
    expect(await two.store.readers.thresholds.listJoins()).toEqual([]);
    const asked = network.requests.filter((entry) => entry.includes('make_join'));
    expect(asked).toHaveLength(isAway ? 2 : 1);
    expect(await bodies(two, roomId)).toEqual(['welcome']);
    await expectSameRoom(roomId, [one, two]);
  });

  it('is given up when nobody answers for long', async () => {
    const roomId = await room();
    network.intercept('send_join', () => two.crash());
    await expect(join(two, roomId, 'bob')).rejects.toThrow('closed');
    network.offline.add(one.name);
    await two.start();
    await network.idle();
    network.time.advance(2 * 3_600_000);
    await network.idle();
    expect(await two.store.readers.thresholds.listJoins()).toEqual([]);
    expect(two.problems.splice(0)).toEqual([expect.stringContaining('given up')]);
  });
});

describe('leaving, and coming back', () => {
  it('tells the others, ends the room here, and begins anew with the next join', async () => {
    const roomId = await room();
    await join(two, roomId, 'bob');
    await say(one, roomId, 'alice', 'first stay');
    await network.settle();
    await leave(two, roomId, 'bob');
    await network.settle();
    expect(await one.views.joinedServers(roomId)).toEqual(['one.example']);
    await say(one, roomId, 'alice', 'without bob');
    await setState(one, roomId, 'alice', 'm.room.name', { name: 'changed meanwhile' });
    await network.settle();
    expect(await bodies(two, roomId)).toEqual(['first stay']);

    await join(two, roomId, 'bob');
    await say(one, roomId, 'alice', 'second stay');
    await network.settle();
    expect(await bodies(two, roomId)).toEqual(['first stay', 'second stay']);
    await expectSameRoom(roomId, [one, two]);
    await two.restart();
    await say(two, roomId, 'bob', 'hello again');
    await network.settle();
    expect(await bodies(one, roomId)).toContain('hello again');
    await expectSameRoom(roomId, [one, two]);
  });

  it('holds to the leave and to the join, when the resident has not heard of the leave', async () => {
    const roomId = await room();
    await join(two, roomId, 'bob');
    await join(three, roomId, 'carol');
    await network.settle();
    // Two says something and leaves; nobody hears of either before it comes back.
    await say(two, roomId, 'bob', 'unheard');
    await leave(two, roomId, 'bob');
    await join(two, roomId, 'bob', three);
    expect(await two.store.readers.rooms.listExtremities(roomId)).toHaveLength(2);
    await say(two, roomId, 'bob', 'back again');
    expect(await two.store.readers.rooms.listExtremities(roomId)).toHaveLength(1);
    await network.settle();
    await expectSameRoom(roomId, [one, two, three]);
    expect(await one.views.joinedUsers(roomId)).toContain(two.user('bob'));
    expect(await bodies(one, roomId)).toEqual(['unheard', 'back again']);
  });

  // Found by the simulator, seed 598728539 with no hostile server: it was in again by the next event of the same delivery,
  // and never found out that nobody else thought so.
  it('is out by what takes it out, whatever comes with that', async () => {
    const roomId = await room();
    await join(two, roomId, 'bob');
    await network.settle();
    const [parent] = await one.store.readers.rooms.listExtremities(roomId);
    const { eventId: said } = await say(one, roomId, 'alice', 'beside the kick');
    await network.settle();
    const sender = one.user('alice');
    const follow = async (prev: EventId | undefined, what: object) => {
      const prevEvents = prev === undefined ? [] : [prev];
      const fields = { roomId, sender, type: 'm.room.member', content: {}, prevEvents, ...what };
      const pdu = await forge(one, one, fields);
      await one.engine.receive(one.name, [pdu.json]);
      return pdu;
    };
    const content = { membership: 'leave' };
    const kick = await follow(parent, { stateKey: two.user('bob'), content });
    const renamed = { membership: 'join', displayname: 'Alice' };
    const name = await follow(kick.eventId, { stateKey: sender, content: renamed });
    const beside = await follow(said, { type: 'm.room.message', content: { body: 'beside, too' } });
    await two.engine.receive(
      one.name,
      [kick, name, beside].map(({ json }) => json),
    );
    await network.idle();
    expect(await two.views.findRoom(roomId)).toMatchObject({ residence: 'left' });
    expect(await two.store.readers.rooms.listExtremities(roomId)).toEqual([]);
  });

  it('sends a server that is kicked out its own kick, and nothing after', async () => {
    const roomId = await room();
    await join(two, roomId, 'bob');
    await network.settle();
    const kick = { membership: 'leave', reason: 'enough' };
    await setState(one, roomId, 'alice', 'm.room.member', kick, two.user('bob'));
    const kicked = await one.views.position();
    await say(one, roomId, 'alice', 'now that he is gone');
    await network.settle();
    const due = await one.store.readers.destinations.listDue({
      server: two.name,
      after: kicked - 1,
      limit: 10,
    });
    expect(due.events.map(({ position }) => position)).toEqual([kicked]);
    expect(await two.views.findRoom(roomId)).toMatchObject({ residence: 'left' });
    expect(await bodies(two, roomId)).toEqual([]);
    expect(await two.views.membershipsOf(two.user('bob'))).toMatchObject([
      { membership: 'leave', sender: one.user('alice') },
    ]);
    await expect(say(two, roomId, 'bob', 'but')).rejects.toEqual(refusedWith('M_FORBIDDEN'));
  });
});

describe('restricted rooms', () => {
  const restricted = (roomId: RoomId) => ({
    join_rule: 'restricted',
    allow: [{ type: 'm.room_membership', room_id: roomId }],
  });

  it.each<RoomVersionId>(['8', '10', '12'])(
    'let in members of another room, by the signature of a resident, in version %s',
    async (version) => {
      const lobby = await room({ version });
      const roomId = await room({ version });
      await setState(one, roomId, 'alice', 'm.room.join_rules', restricted(lobby));
      await expect(join(two, roomId, 'bob')).rejects.toEqual(refusedWith('M_FORBIDDEN'));
      await join(two, lobby, 'bob');
      await join(two, roomId, 'bob');
      await network.settle();
      await expectSameRoom(roomId, [one, two]);
      const state = await one.views.currentState(roomId);
      const member = await state.find('m.room.member', two.user('bob'));
      expect(member?.content).toMatchObject({
        join_authorised_via_users_server: one.user('alice'),
      });
    },
  );

  it('let in a second user of ours by another server, where ours have no power', async () => {
    const lobby = await room({ version: '11' });
    const powerLevels = { invite: 50 };
    const roomId = await room({ version: '11', powerLevels });
    await join(two, roomId, 'bob');
    await setState(one, roomId, 'alice', 'm.room.join_rules', restricted(lobby));
    await network.settle();
    await join(two, lobby, 'berta');
    await network.settle();
    await join(two, roomId, 'berta');
    await network.settle();
    await expectSameRoom(roomId, [one, two]);
    expect(await one.views.joinedUsers(roomId)).toContain(two.user('berta'));
  });
});
