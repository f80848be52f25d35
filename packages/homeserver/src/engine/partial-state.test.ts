import type { EventId, Pdu, RoomId, RoomVersionId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forge, type Forgery } from './testing/forge.ts';
import { LyingNetwork } from './testing/lying-network.ts';
import { bodies, say, setState, stateOf } from './testing/rooms.ts';
import { join, sharedRoom } from './testing/shared-room.ts';
import type { TestServer } from './testing/test-server.ts';

let network: LyingNetwork;
let one: TestServer;
let two: TestServer;
let evil: TestServer;
beforeEach(async () => {
  network = new LyingNetwork();
  [one, two, evil] = await network.addServers('one.example', 'two.example', 'evil.example');
});
afterEach(() => network.close());

/** One where mallory may do nothing but talk. */
async function room(version: RoomVersionId): Promise<RoomId> {
  const guests = [
    [two, 'bob'],
    [evil, 'mallory'],
  ] as const;
  const roomId = await sharedRoom(network, one, guests, { version });
  await setState(one, roomId, 'alice', 'm.room.name', { name: 'Ours' });
  await setState(one, roomId, 'alice', 'm.room.topic', { topic: 'what is ours' });
  await network.settle();
  return roomId;
}

/** Pushes to one what follows an event that follows another which nobody can have, and tells of the state around that. */
async function pushBeyondGap(
  roomId: RoomId,
  tell: (withheld: Pdu) => Promise<{ readonly state: readonly Pdu[]; readonly authChain?: Pdu[] }>,
): Promise<void> {
  const say: Forgery = {
    roomId,
    type: 'm.room.message',
    sender: evil.user('mallory'),
    content: {},
  };
  const withheld = await forge(evil, one, { ...say, content: { n: 0 } });
  const { authEvents } = withheld;
  const pulled = await forge(evil, one, { ...say, prevEvents: [withheld.eventId], authEvents });
  const last = await forge(evil, one, { ...say, prevEvents: [pulled.eventId], authEvents });
  const { state, authChain = [] } = await tell(withheld);
  const known = new Map([...state, ...authChain].map((pdu) => [pdu.eventId, pdu.json]));
  const ids = (pdus: readonly Pdu[]): EventId[] => pdus.map(({ eventId }) => eventId);
  network.lies = {
    getMissingEvents: async () => [pulled.json],
    stateIds: async () => ({ state: ids(state), authChain: ids(authChain) }),
    state: async () => ({
      state: state.map(({ json }) => json),
      authChain: authChain.map(({ json }) => json),
    }),
    event: async (_server, eventId) => known.get(eventId),
  };
  await one.engine.receive(evil.name, [last.json]);
  await network.idle();
  network.lies = {};
  // Its word was taken for that: there is no other.
  expect(await one.views.findEvent(roomId, pulled.eventId)).toMatchObject({ place: 'timeline' });
}

async function currentState(roomId: RoomId): Promise<readonly Pdu[]> {
  return (await one.views.currentState(roomId)).list();
}

async function expectUnmoved(
  roomId: RoomId,
  before: Readonly<Record<string, EventId>>,
): Promise<void> {
  expect(await stateOf(one, roomId)).toEqual(before);
  await say(two, roomId, 'bob', 'still here');
  await network.settle();
  expect(await bodies(one, roomId)).toContain('still here');
  expect(await stateOf(one, roomId)).toEqual(before);
  await one.restart();
  expect(await stateOf(one, roomId)).toEqual(before);
}

describe.each<RoomVersionId>(['6', '11', '12'])('in a room of version %s', (version) => {
  it.each<[string, (pdu: Pdu) => boolean]>([
    ['the create event alone', ({ type }) => type === 'm.room.create'],
    ['all but its members', ({ type }) => type !== 'm.room.member'],
    ['all but its powers', ({ type }) => type !== 'm.room.power_levels'],
    ['its own user alone', ({ stateKey }) => stateKey === '' || stateKey === evil.user('mallory')],
    ['nothing', () => false],
  ])(
    '[SEC-12] Byzantine peer sends partial state; victim keeps the superset: told %s',
    async (_what, isTold) => {
      const roomId = await room(version);
      const before = await stateOf(one, roomId);
      const state = (await currentState(roomId)).filter(isTold);
      await pushBeyondGap(roomId, async () => ({ state }));
      await expectUnmoved(roomId, before);
    },
  );

  it('[SEC-12] Byzantine peer forges the auth chain of a state; victim takes none of it', async () => {
    const roomId = await room(version);
    const before = await stateOf(one, roomId);
    const mallory = evil.user('mallory');
    const { sender, content } = { sender: mallory, content: { users: { [mallory]: 100 } } };
    const power = { roomId, type: 'm.room.power_levels', stateKey: '', sender, content };
    const powers = await forge(evil, one, power);
    const kick = { roomId, type: 'm.room.member', stateKey: two.user('bob'), sender };
    const kicked = await forge(evil, one, {
      ...kick,
      content: { membership: 'leave' },
      authEvents: [...powers.authEvents.filter((id) => id !== before[POWERS]), powers.eventId],
    });
    const isReplaced = ({ type, stateKey }: Pdu): boolean =>
      type === 'm.room.power_levels' || stateKey === two.user('bob');
    const state = (await currentState(roomId)).filter((pdu) => !isReplaced(pdu));
    await pushBeyondGap(roomId, async () => ({
      state: [...state, powers, kicked],
      authChain: [powers],
    }));
    await expectUnmoved(roomId, before);
  });
});

describe.each<RoomVersionId>(['6', '11', '12'])(
  'who came late into a room of version %s',
  (version) => {
    /** The powers of the room are known to it for what they authorise; by what it is told, nobody could set them. */
    async function lateComer(roomId: RoomId): Promise<TestServer> {
      const users = version === '12' ? {} : { [one.user('alice')]: 100 };
      await setState(one, roomId, 'alice', 'm.room.power_levels', { users, invite: 10 });
      await say(one, roomId, 'alice', 'before anybody came late');
      const late = await network.addServer('late.example');
      await join(late, roomId, 'lena', one);
      await network.settle();
      return late;
    }

    async function lieOfCreateAlone(roomId: RoomId): Promise<void> {
      const create = (await currentState(roomId)).filter(({ type }) => type === 'm.room.create');
      network.lies = {
        stateIds: async () => ({ state: create.map(({ eventId }) => eventId), authChain: [] }),
        state: async () => ({ state: create.map(({ json }) => json), authChain: [] }),
      };
    }

    async function expectHeard(late: TestServer, roomId: RoomId): Promise<void> {
      network.lies = {};
      const eventIds = Object.values(await stateOf(late, roomId));
      for (const { verdict, pdu } of await late.store.readers.events.findMany(roomId, eventIds)) {
        expect([pdu.type, verdict]).toEqual([pdu.type, 'accepted']);
      }
      await say(one, roomId, 'alice', 'by her powers');
      await network.settle();
      expect(await bodies(late, roomId)).toContain('by her powers');
      expect(await stateOf(late, roomId)).toEqual(await stateOf(one, roomId));
    }

    it('[SEC-12] Byzantine peer tells of a gap that reaches back; victim goes by the events it knows', async () => {
      const roomId = await room(version);
      const late = await lateComer(roomId);
      const powers = (await currentState(roomId)).find(
        ({ type }) => type === 'm.room.power_levels',
      );
      if (powers === undefined) throw new Error('every room has them');
      const message = { roomId, type: 'm.room.message', sender: evil.user('mallory'), content: {} };
      const { authEvents } = await forge(evil, one, message);
      const place = { prevEvents: [powers.eventId], depth: powers.depth + 1, authEvents };
      const follower = await forge(evil, one, { ...message, ...place });
      await lieOfCreateAlone(roomId);
      network.lies = { ...network.lies, getMissingEvents: async () => [powers.json] };
      await late.engine.receive(evil.name, [follower.json]);
      await network.idle();
      await expectHeard(late, roomId);
    });

    it('[SEC-12] Byzantine peer tells of history; victim goes by the events it knows', async () => {
      const roomId = await room(version);
      const late = await lateComer(roomId);
      await lieOfCreateAlone(roomId);
      for (let pages = 0; pages < 9; pages += 1) await late.engine.backfill(roomId, 3);
      await expectHeard(late, roomId);
    });
  },
);

const POWERS = 'm.room.power_levels ';
