import type { RoomId, RoomVersionId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { roomCreation, setState } from './testing/rooms.ts';
import { expectSameRoom, leave, refusedWith } from './testing/shared-room.ts';
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

async function room(version: RoomVersionId = '12', joinRule = 'knock'): Promise<RoomId> {
  const roomId = await one.engine.createRoom(
    roomCreation(one.user('alice'), { version, joinRule: 'invite' }),
  );
  await setState(one, roomId, 'alice', 'm.room.join_rules', { join_rule: joinRule });
  await setState(one, roomId, 'alice', 'm.room.name', { name: 'The Room' });
  return roomId;
}

const knock = (server: TestServer, roomId: RoomId, name = 'bob') =>
  server.engine.knock({
    roomId,
    userId: server.user(name),
    via: [one.name],
    content: { reason: 'let me in' },
  });
const heldBy = async (server: TestServer) => server.views.membershipsOf(server.user('bob'));
const memberIn = async (roomId: RoomId, server: TestServer) => {
  const state = await one.views.currentState(roomId);
  return (await state.find('m.room.member', server.user('bob')))?.content;
};

describe('knocks', () => {
  it.each<RoomVersionId>(['7', '11', '12'])(
    'reach a room of another server, which shows what it is, in version %s',
    async (version) => {
      const roomId = await room(version);
      await knock(two, roomId);
      await network.settle();
      expect(await memberIn(roomId, two)).toEqual({ membership: 'knock', reason: 'let me in' });
      const [held] = await heldBy(two);
      expect(held).toMatchObject({ membership: 'knock', sender: two.user('bob'), roomId });
      const shown = held?.strippedState ?? [];
      expect(shown.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['m.room.member', 'm.room.create', 'm.room.name']),
      );
      for (const event of shown) {
        expect(Object.keys(event).toSorted()).toEqual(['content', 'sender', 'state_key', 'type']);
      }
    },
  );

  it('show what the room is while the key of its creator cannot be had', async () => {
    const roomId = await room();
    network.keyless.add(one.name);
    await knock(two, roomId);
    const [held] = await heldBy(two);
    expect(held?.strippedState?.map(({ type }) => type)).toEqual([
      'm.room.member',
      'm.room.create',
    ]);
    expect(two.problems).toEqual([]);
  });

  it('are answered by an invite, and then by coming in', async () => {
    const roomId = await room();
    await knock(two, roomId);
    await one.engine.invite({
      roomId,
      sender: one.user('alice'),
      target: two.user('bob'),
      content: {},
    });
    expect(await heldBy(two)).toMatchObject([{ membership: 'invite' }]);
    await two.engine.join({ roomId, userId: two.user('bob'), via: [], content: {} });
    await network.settle();
    expect(await heldBy(two)).toMatchObject([{ membership: 'join', strippedState: undefined }]);
    await expectSameRoom(roomId, [one, two]);
  });

  it.each(['leave', 'ban'])('are refused by a %s, which who knocked learns of', async (answer) => {
    const roomId = await room();
    await knock(two, roomId);
    const content = { membership: answer };
    await setState(one, roomId, 'alice', 'm.room.member', content, two.user('bob'));
    await network.settle();
    expect(await heldBy(two)).toMatchObject([{ membership: 'leave', sender: one.user('alice') }]);
  });

  it('are taken back, which the room learns of', async () => {
    const roomId = await room();
    await knock(two, roomId);
    await leave(two, roomId, 'bob');
    await network.settle();
    expect(await memberIn(roomId, two)).toMatchObject({ membership: 'leave' });
    expect(await heldBy(two)).toMatchObject([{ membership: 'leave' }]);
  });

  it('may be repeated', async () => {
    const roomId = await room();
    await knock(two, roomId);
    await knock(two, roomId);
    expect(await heldBy(two)).toMatchObject([{ membership: 'knock' }]);
    await one.engine.knock({ roomId, userId: one.user('bob'), via: [], content: {} });
    const [first] = await heldBy(one);
    await one.engine.knock({ roomId, userId: one.user('bob'), via: [], content: {} });
    expect(await heldBy(one)).toEqual([first]);
    expect(first).toMatchObject({ membership: 'knock', strippedState: undefined });
  });

  it('go by way of any server in the room, to all of them', async () => {
    const roomId = await room('11', 'public');
    await three.engine.join({ roomId, userId: three.user('carl'), via: [one.name], content: {} });
    await setState(one, roomId, 'alice', 'm.room.join_rules', { join_rule: 'knock' });
    await network.settle();
    network.offline.add(one.name);
    const via = [one.name, three.name];
    await two.engine.knock({ roomId, userId: two.user('bob'), via, content: {} });
    network.offline.delete(one.name);
    await network.settle();
    expect(await memberIn(roomId, two)).toEqual({ membership: 'knock' });
  });

  it('leave an invite in place that comes before they are heard of', async () => {
    const roomId = await room();
    network.intercept('send_knock', async () => {
      const target = two.user('bob');
      await one.engine.invite({ roomId, sender: one.user('alice'), target, content: {} });
    });
    await knock(two, roomId);
    expect(await heldBy(two)).toMatchObject([{ membership: 'invite' }]);
  });

  it.each<[RoomVersionId, string]>([
    ['12', 'invite'],
    ['12', 'public'],
    ['6', 'invite'],
    ['9', 'knock_restricted'],
  ])('are refused in version %s by a room with the rule %s', async (version, joinRule) => {
    const roomId = await room(version, joinRule);
    await expect(knock(two, roomId)).rejects.toEqual(refusedWith('M_FORBIDDEN'));
    await expect(knock(one, roomId)).rejects.toEqual(refusedWith('M_FORBIDDEN'));
    expect(await heldBy(two)).toEqual([]);
  });

  it('are refused of who is banned', async () => {
    const roomId = await room();
    const content = { membership: 'ban' };
    await setState(one, roomId, 'alice', 'm.room.member', content, two.user('bob'));
    await expect(knock(two, roomId)).rejects.toEqual(refusedWith('M_FORBIDDEN'));
  });

  it('are of the user of the server that sends them, and nothing else', async () => {
    const roomId = await room();
    const request = {
      origin: three.name,
      roomId,
      userId: two.user('bob'),
      membership: 'knock' as const,
      supportedVersions: ['12'],
    };
    await expect(one.engine.makeMembership(request)).rejects.toEqual(refusedWith('M_FORBIDDEN'));
    const own = { ...request, origin: two.name, supportedVersions: ['11'] };
    await expect(one.engine.makeMembership(own)).rejects.toEqual(
      refusedWith('M_INCOMPATIBLE_ROOM_VERSION'),
    );
  });
});
