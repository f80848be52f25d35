import type { RoomId, RoomVersionId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge } from './testing/forge.ts';
import { bodies, roomCreation, say, setState } from './testing/rooms.ts';
import { expectSameRoom, join, leave, refusedWith, sharedRoom } from './testing/shared-room.ts';
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

const invite = (server: TestServer, roomId: RoomId, sender: string, target: TestServer) =>
  server.engine.invite({
    roomId,
    sender: server.user(sender),
    target: target.user('bob'),
    content: {},
  });

describe('invites', () => {
  it.each<RoomVersionId>(['1', '10', '11', '12'])(
    'reach a user of another server, who may then join, in version %s',
    async (version) => {
      const roomId = await room({ version, joinRule: 'invite' });
      await setState(one, roomId, 'alice', 'm.room.name', { name: 'The Room' });
      await invite(one, roomId, 'alice', two);
      await network.settle();
      const [held] = await two.views.membershipsOf(two.user('bob'));
      expect(held).toMatchObject({ membership: 'invite', sender: one.user('alice'), roomId });
      const shown = held?.strippedState ?? [];
      expect(shown.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['m.room.create', 'm.room.name', 'm.room.member']),
      );
      for (const event of shown) {
        expect(Object.keys(event).toSorted()).toEqual(['content', 'sender', 'state_key', 'type']);
      }
      await two.engine.join({ roomId, userId: two.user('bob'), via: [], content: {} });
      await network.settle();
      await say(two, roomId, 'bob', 'thank you');
      await network.settle();
      expect(await bodies(one, roomId)).toEqual(['thank you']);
      expect(await two.views.membershipsOf(two.user('bob'))).toMatchObject([
        { membership: 'join', strippedState: undefined },
      ]);
      await expectSameRoom(roomId, [one, two]);
    },
  );

  it('carry the signature of the invited server', async () => {
    const roomId = await room({ joinRule: 'invite' });
    const { eventId } = await invite(one, roomId, 'alice', two);
    const stored = await one.views.findEvent(roomId, eventId);
    expect(Object.keys(stored?.pdu.json['signatures'] ?? {})).toEqual([
      'one.example',
      'two.example',
    ]);
  });

  it('are told as failed, and not stored, when the invited server is away', async () => {
    const roomId = await room({ joinRule: 'invite' });
    network.offline.add(two.name);
    const before = await one.views.position();
    await expect(invite(one, roomId, 'alice', two)).rejects.toMatchObject({ status: 502 });
    expect(await one.views.position()).toBe(before);
  });

  it('are appended as the fork that they are by the time they are signed', async () => {
    const roomId = await room({ joinRule: 'invite' });
    network.intercept('invite', async () => {
      await say(one, roomId, 'alice', 'meanwhile');
    });
    await invite(one, roomId, 'alice', two);
    await two.engine.join({ roomId, userId: two.user('bob'), via: [], content: {} });
    await network.settle();
    await expectSameRoom(roomId, [one, two]);
  });

  it('are not appended when the room has changed its mind meanwhile', async () => {
    const roomId = await room({ version: '11', joinRule: 'public' });
    await one.engine.join({ roomId, userId: one.user('anna'), via: [], content: {} });
    network.intercept('invite', async () => {
      const levels = { users: { [one.user('alice')]: 100 }, invite: 50 };
      await setState(one, roomId, 'alice', 'm.room.power_levels', levels);
    });
    await expect(invite(one, roomId, 'anna', two)).rejects.toEqual(refusedWith('M_FORBIDDEN'));
    const state = await one.views.currentState(roomId);
    expect(await state.find('m.room.member', two.user('bob'))).toBeUndefined();
  });

  it('can be rejected, which the room learns of', async () => {
    const roomId = await room({ joinRule: 'invite' });
    await invite(one, roomId, 'alice', two);
    await leave(two, roomId, 'bob');
    await network.settle();
    const member = await (
      await one.views.currentState(roomId)
    ).find('m.room.member', two.user('bob'));
    expect(member?.content).toMatchObject({ membership: 'leave' });
    expect(await two.views.membershipsOf(two.user('bob'))).toMatchObject([{ membership: 'leave' }]);
  });

  it('are rejected here when nobody answers', async () => {
    const roomId = await room({ joinRule: 'invite' });
    await invite(one, roomId, 'alice', two);
    network.offline.add(one.name);
    await leave(two, roomId, 'bob');
    expect(await two.views.membershipsOf(two.user('bob'))).toMatchObject([{ membership: 'leave' }]);
    expect(two.problems.splice(0)).toHaveLength(1);
  });

  it('can be taken back, which the invited learns of', async () => {
    const roomId = await room({ joinRule: 'invite' });
    await invite(one, roomId, 'alice', two);
    const content = { membership: 'leave' };
    await setState(one, roomId, 'alice', 'm.room.member', content, two.user('bob'));
    await network.settle();
    expect(await two.views.membershipsOf(two.user('bob'))).toMatchObject([{ membership: 'leave' }]);
  });

  it('cannot be taken back by anybody else', async () => {
    const roomId = await room({ joinRule: 'invite' });
    const { eventId } = await invite(one, roomId, 'alice', two);
    const leaveEvent = await forge(three, one, {
      roomId,
      type: 'm.room.member',
      stateKey: two.user('bob'),
      sender: three.user('mallory'),
      content: { membership: 'leave' },
      prevEvents: [eventId],
      authEvents: [eventId],
    });
    const answers = await two.engine.receive(three.name, [leaveEvent.json]);
    expect([...answers.values()]).toEqual([
      { error: expect.stringContaining('not in') as unknown },
    ]);
    expect(await two.views.membershipsOf(two.user('bob'))).toMatchObject([
      { membership: 'invite' },
    ]);
  });

  it('of local users are seen without any handshake', async () => {
    const roomId = await room({ joinRule: 'invite' });
    await one.engine.invite({
      roomId,
      sender: one.user('alice'),
      target: one.user('bert'),
      content: {},
    });
    expect(await one.views.membershipsOf(one.user('bert'))).toMatchObject([
      { membership: 'invite', roomId },
    ]);
    expect(network.requests).toEqual([]);
  });

  it('can be answered at once where the server of the invited is in the room', async () => {
    const others = [[two, 'bob'] as const, [three, 'thea'] as const];
    const roomId = await sharedRoom(network, one, others, { powerLevels: { invite: 0 } });
    await setState(one, roomId, 'alice', 'm.room.join_rules', { join_rule: 'invite' });
    await network.settle();
    const carol = three.user('carol');
    await one.engine.invite({ roomId, sender: one.user('alice'), target: carol, content: {} });
    await join(three, roomId, 'carol', one);
    const dave = three.user('dave');
    await two.engine.invite({ roomId, sender: two.user('bob'), target: dave, content: {} });
    await join(three, roomId, 'dave', one);
    expect(await three.views.joinedUsers(roomId)).toEqual(expect.arrayContaining([carol, dave]));
    await network.settle();
    await say(three, roomId, 'dave', 'hello');
    await network.settle();
    for (const server of [one, two]) {
      expect(await server.views.joinedUsers(roomId)).toEqual(expect.arrayContaining([carol, dave]));
    }
    await expectSameRoom(roomId, [one, two, three]);
  });
});
