import type { EventId, JsonObject, Pdu, RoomId, RoomVersionId } from '@hansa/protocol';
import { NumberLiteral } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge } from './testing/forge.ts';
import { LyingNetwork } from './testing/lying-network.ts';
import { bodies, roomCreation, say, setState, stateOf } from './testing/rooms.ts';
import type { TestServer } from './testing/test-server.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const NOBODYS_EVENT = `$${'A'.repeat(43)}` as EventId;

let network: LyingNetwork;
let one: TestServer;
let evil: TestServer;
beforeEach(async () => {
  network = new LyingNetwork();
  [one, evil] = await network.addServers('one.example', 'evil.example');
});
afterEach(() => network.close());

async function sharedRoom(): Promise<RoomId> {
  const roomId = await one.engine.createRoom(roomCreation(one.user('alice')));
  await evil.engine.join({ roomId, userId: evil.user('mallory'), via: [one.name], content: {} });
  await network.settle();
  return roomId;
}

const evilRoom = (version: RoomVersionId): Promise<RoomId> =>
  evil.engine.createRoom(roomCreation(evil.user('mallory'), { version }));

const message = (roomId: RoomId, body: string) => ({
  roomId,
  type: 'm.room.message',
  sender: evil.user('mallory'),
  content: { body },
});

async function expectUsable(roomId: RoomId): Promise<void> {
  await say(one, roomId, 'alice', 'here');
  await one.restart();
  await say(one, roomId, 'alice', 'still here');
  expect((await bodies(one, roomId)).slice(-2)).toEqual(['here', 'still here']);
  expect(await stateOf(one, roomId)).toHaveProperty('m.room.create ');
}

describe('[SEC-26] a depth beyond all measure leaves the room usable', () => {
  it('in a gap that is closed by the word of the other side', async () => {
    const roomId = await sharedRoom();
    const state = await (await evil.views.currentState(roomId)).list();
    const { authEvents } = await forge(evil, evil, message(roomId, 'honest'));
    const deep = { authEvents, depth: MAX };
    const x = await forge(evil, evil, {
      ...message(roomId, 'x'),
      ...deep,
      prevEvents: [NOBODYS_EVENT],
    });
    const y = await forge(evil, evil, {
      ...message(roomId, 'y'),
      ...deep,
      prevEvents: [x.eventId],
    });
    network.lies = {
      getMissingEvents: async () => [x.json],
      stateIds: async () => ({ state: state.map(({ eventId }) => eventId), authChain: [] }),
      event: async () => undefined,
    };
    await one.engine.receive(evil.name, [y.json]);
    await network.idle();
    expect(await bodies(one, roomId)).toEqual(['x', 'y']);
    await expectUsable(roomId);
  });

  it.each<[RoomVersionId, number | NumberLiteral]>([
    ['12', MAX],
    ['5', new NumberLiteral('9007199254740992')],
    ['5', new NumberLiteral('9223372036854775807')],
  ])('in the template of a join, version %s', async (version, depth) => {
    const roomId = await evilRoom(version);
    network.lies = {
      makeJoin: async (_server, _room, userId) => {
        const { rules, event } = await evil.engine.makeMembership({
          origin: one.name,
          roomId,
          userId,
          membership: 'join',
          supportedVersions: [version],
        });
        return { rules, event: { ...event, depth } };
      },
    };
    await one.engine.join({ roomId, userId: one.user('alice'), via: [evil.name], content: {} });
    await expectUsable(roomId);
  });

  it.each([2 ** 53, 2 ** 60])('in the state that a join brings: %d', async (depth) => {
    const roomId = await evilRoom('5');
    const topic = { ...message(roomId, ''), type: 'm.room.topic', stateKey: '', depth };
    const deep = await forge(evil, evil, topic);
    network.lies = {
      sendJoin: async (_server, pdu) => joinWith(await acceptJoin(roomId, pdu), deep.json),
    };
    await one.engine.join({ roomId, userId: one.user('alice'), via: [evil.name], content: {} });
    expect(await stateOf(one, roomId)).toHaveProperty('m.room.topic ');
    await expectUsable(roomId);
  });

  const acceptJoin = (roomId: RoomId, { eventId, json }: Pdu) =>
    evil.engine.acceptJoin({ origin: one.name, roomId, eventId, event: json });

  const joinWith = (
    { event, state, authChain }: Awaited<ReturnType<typeof acceptJoin>>,
    more: JsonObject,
  ) => ({
    event: event.json,
    state: [...state.map(({ json }) => json), more],
    authChain: authChain.map(({ json }) => json),
  });
});

describe('a transaction', () => {
  it('[SEC-26] that a room cannot take ends itself, and not the process', async () => {
    const roomId = await sharedRoom();
    const frail = await network.addServer('frail.example', { limits: { laneQueue: 3 } });
    const userId = frail.user('fred');
    await frail.engine.join({ roomId, userId, via: [one.name], content: {} });
    await network.settle();
    const pdus: Pdu[] = [];
    for (let n = 0; n < 6; n += 1) pdus.push(await forge(evil, frail, message(roomId, `${n}`)));
    const unheard: unknown[] = [];
    const listener = (error: unknown): void => void unheard.push(error);
    process.on('unhandledRejection', listener);
    const answers = await Promise.allSettled(
      pdus.map(({ json }) => frail.engine.receive(evil.name, [json])),
    );
    await network.idle();
    const refusals = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason as unknown] : [],
    );
    expect(refusals).toContainEqual(expect.objectContaining({ status: 503 }));
    process.off('unhandledRejection', listener);
    expect(unheard).toEqual([]);
    frail.problems.length = 0;
  });
});

describe('a server that the ACL denies', () => {
  it('brings nothing in while we join either', async () => {
    const roomId = await sharedRoom();
    const acl = { allow: ['*'], deny: [evil.name] };
    await setState(one, roomId, 'alice', 'm.room.server_acl', acl);
    const denied = await forge(evil, one, message(roomId, 'denied'));
    const three = await network.addServer('three.example');
    network.intercept('send_join', async () => {
      await three.engine.receive(evil.name, [denied.json]);
      expect(await three.store.readers.stage.count(roomId)).toBe(1);
    });
    const userId = three.user('carol');
    await three.engine.join({ roomId, userId, via: [one.name], content: {} });
    await network.idle();
    expect(await bodies(three, roomId)).toEqual([]);
    expect(await three.store.readers.events.find(roomId, denied.eventId)).toBeUndefined();
    expect(await three.store.readers.stage.count(roomId)).toBe(0);
  });
});

describe('invites without end', () => {
  const small = { limits: { pendingInvites: 3, pendingInvitesFromServer: 2 } };

  async function inviteBy(server: TestServer, target: TestServer): Promise<RoomId> {
    const sender = server.user('mallory');
    const roomId = await server.engine.createRoom(roomCreation(sender, { version: '10' }));
    await server.engine.invite({ roomId, sender, target: target.user('victim'), content: {} });
    return roomId;
  }

  it('are refused, from one server and from many, until some are answered', async () => {
    const victims = await network.addServer('victims.example', small);
    const first = await inviteBy(evil, victims);
    await inviteBy(evil, victims);
    const refused = expect.objectContaining({ status: 403 });
    await expect(inviteBy(evil, victims)).rejects.toEqual(refused);
    await inviteBy(one, victims);
    const more = await network.addServer('more.example');
    await expect(inviteBy(more, victims)).rejects.toEqual(refused);
    await victims.engine.leave({ roomId: first, userId: victims.user('victim'), content: {} });
    await inviteBy(more, victims);
  });

  it('[SEC-29] bring no more of their room than a client can be shown', async () => {
    const victims = await network.addServer('victims.example', {
      limits: { inviteStateBytes: 2_000 },
    });
    const sender = evil.user('mallory');
    const roomId = await evil.engine.createRoom(roomCreation(sender, { version: '10' }));
    await setState(evil, roomId, 'mallory', 'm.room.topic', { topic: 'x'.repeat(20_000) });
    await setState(evil, roomId, 'mallory', 'm.room.name', { name: 'short' });
    const userId = victims.user('victim');
    await evil.engine.invite({ roomId, sender, target: userId, content: {} });
    const [membership] = await victims.views.membershipsOf(userId);
    const types = membership?.strippedState?.map(({ type }) => type);
    expect(types).toContain('m.room.member');
    expect(types).toContain('m.room.name');
    expect(types).not.toContain('m.room.topic');
  });
});

describe('a server that never answers', () => {
  it('holds up the gap of its own event, and no other of the room', async () => {
    const roomId = await sharedRoom();
    const two = await network.addServer('two.example');
    await two.engine.join({ roomId, userId: two.user('bob'), via: [one.name], content: {} });
    await network.settle();
    const message = { roomId, type: 'm.room.message', sender: evil.user('mallory'), content: {} };
    const { authEvents } = await forge(evil, evil, message);
    const prevEvents = [NOBODYS_EVENT];
    const lost = await forge(evil, evil, { ...message, authEvents, prevEvents, depth: 20 });
    const honest = network.honestPortOf(one.name);
    network.lies = {
      getMissingEvents: (server, query) =>
        server === evil.name ? new Promise(() => {}) : honest.getMissingEvents(server, query),
    };
    await one.engine.receive(evil.name, [lost.json]);
    await network.idle();
    await say(two, roomId, 'bob', 'missed');
    await network.lose(two, one);
    await say(two, roomId, 'bob', 'arrives');
    await network.settle();
    network.time.advance(120_000);
    await network.idle();
    expect(await bodies(one, roomId)).toEqual(['missed', 'arrives']);
  });
});
