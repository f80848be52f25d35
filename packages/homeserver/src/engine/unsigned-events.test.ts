import {
  canonicalJson,
  createSigningKey,
  getRoomVersion,
  serverOf,
  signEvent,
  type JsonObject,
  type RoomId,
  type RoomVersionId,
  type ServerName,
  type SigningKey,
  type UserId,
} from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { roomCreation, say, setState } from './testing/rooms.ts';
import { join } from './testing/shared-room.ts';
import { RETIRED_KEY, SpoilingNetwork } from './testing/spoiling-network.ts';
import type { TestServer } from './testing/test-server.ts';

const MARK = 'the one that is looked for';
const SEED_BYTES = 32;
/** More than are fetched one by one. */
const MANY = 60;

let network: SpoilingNetwork;
let one: TestServer;
let two: TestServer;
let evil: TestServer;
beforeEach(async () => {
  network = await SpoilingNetwork.open();
  [one, two, evil] = await network.addServers('one.example', 'two.example', 'evil.example');
});
afterEach(() => network.close());

const room = (version: RoomVersionId, joinRule = 'public'): Promise<RoomId> =>
  one.engine.createRoom(roomCreation(one.user('alice'), { version, joinRule }));

async function sharedBy(version: RoomVersionId): Promise<RoomId> {
  const roomId = await room(version);
  await join(two, roomId, 'bob', one);
  await network.settle();
  return roomId;
}

const rename = (roomId: RoomId) => setState(one, roomId, 'alice', 'm.room.name', { name: MARK });

const levels = (version: RoomVersionId, more: JsonObject): JsonObject => ({
  users: version === '12' ? {} : { [one.user('alice')]: 100 },
  ...more,
});

/** Whatever is answered to it. */
async function tried(action: Promise<unknown>): Promise<void> {
  await action.catch(() => {});
  await network.settle();
}

/** What came before is to be had by the state after it alone: what follows it is withheld. */
async function sayBeyondHole(roomId: RoomId): Promise<void> {
  network.withheld.add((await say(one, roomId, 'alice', 'withheld')).eventId);
  await say(one, roomId, 'alice', 'missed');
  await network.lose(one, two);
  await say(one, roomId, 'alice', 'next');
  await network.settle();
}

/** A way on which an event of another server comes in; answers who it came to. */
type WayIn = (version: RoomVersionId) => Promise<TestServer>;

const own = (target: TestServer, roomId: RoomId) => ({
  roomId,
  userId: target.user('bob'),
  via: [one.name],
  content: { reason: MARK },
});

const WAYS: Readonly<Record<string, WayIn>> = {
  async send(version) {
    const roomId = await sharedBy(version);
    await say(one, roomId, 'alice', MARK);
    await network.settle();
    return two;
  },
  async get_missing_events(version) {
    const roomId = await sharedBy(version);
    await say(one, roomId, 'alice', MARK);
    await network.lose(one, two);
    await say(one, roomId, 'alice', 'next');
    await network.settle();
    expect(network.requests.join('\n')).toContain('get_missing_events');
    return two;
  },
  async 'event, for authorisation'(version) {
    const roomId = await sharedBy(version);
    const content = levels(version, { notifications: { [MARK]: 50 } });
    const { eventId } = await setState(one, roomId, 'alice', 'm.room.power_levels', content);
    network.withheld.add(eventId);
    await network.lose(one, two);
    await say(one, roomId, 'alice', 'next');
    await network.settle();
    expect(network.requests.join('\n')).toMatch(/: event$/m);
    return two;
  },
  async 'state_ids, and event'(version) {
    const roomId = await sharedBy(version);
    await rename(roomId);
    await sayBeyondHole(roomId);
    expect(network.requests.join('\n')).toContain('state_ids');
    return two;
  },
  async state(version) {
    const roomId = await sharedBy(version);
    for (let n = 0; n < MANY; n += 1) {
      const content = { displayname: n === 0 ? MARK : 'somebody' };
      await one.engine.join({ roomId, userId: one.user(`u${n}`), via: [], content });
    }
    await sayBeyondHole(roomId);
    expect(network.requests.join('\n')).toMatch(/: state$/m);
    return two;
  },
  async 'send_join, its state'(version) {
    const roomId = await room(version);
    await rename(roomId);
    await tried(join(two, roomId, 'bob', one));
    return two;
  },
  async 'send_join, its auth chain'(version) {
    const roomId = await room(version);
    for (const notifications of [{ [MARK]: 50 }, {}]) {
      const content = levels(version, { notifications });
      await setState(one, roomId, 'alice', 'm.room.power_levels', content);
    }
    await tried(join(two, roomId, 'bob', one));
    return two;
  },
  async 'send_join, its event'(version) {
    await tried(two.engine.join(own(two, await room(version))));
    return one;
  },
  async send_leave(version) {
    const roomId = await room(version, 'invite');
    const invite = { roomId, sender: one.user('alice'), target: two.user('bob'), content: {} };
    await one.engine.invite(invite);
    await tried(two.engine.leave(own(two, roomId)));
    two.problems.length = 0;
    return one;
  },
  async send_knock(version) {
    const roomId = await room(version, 'knock');
    await tried(two.engine.knock(own(two, roomId)));
    return one;
  },
  async invite(version) {
    const roomId = await room(version, 'invite');
    const content = { reason: MARK };
    const invite = { roomId, sender: one.user('alice'), target: two.user('bob'), content };
    await tried(one.engine.invite(invite));
    return two;
  },
  async backfill(version) {
    const roomId = await room(version);
    await say(one, roomId, 'alice', MARK);
    await say(one, roomId, 'alice', 'after it');
    await join(two, roomId, 'bob', one);
    await network.settle();
    await two.engine.backfill(roomId, 50);
    return two;
  },
};

/** Of rooms whose description comes as events that can be checked. */
const DESCRIPTIONS: Readonly<Record<string, WayIn>> = {
  async 'invite, its state'(version) {
    const roomId = await room(version, 'invite');
    await rename(roomId);
    const invite = { roomId, sender: one.user('alice'), target: two.user('bob'), content: {} };
    await tried(one.engine.invite(invite));
    return two;
  },
  async 'send_knock, its state'(version) {
    const roomId = await room(version, 'knock');
    await rename(roomId);
    await tried(two.engine.knock(own(two, roomId)));
    two.problems.length = 0;
    return two;
  },
};

function ways(): readonly (readonly [name: string, version: RoomVersionId, way: WayIn])[] {
  const all = Object.entries(WAYS);
  const inVersion = (version: RoomVersionId, list: typeof all) =>
    list.map(([name, way]) => [name, version, way] as const);
  return [...inVersion('12', [...all, ...Object.entries(DESCRIPTIONS)]), ...inVersion('7', all)];
}

/** The event as it is, with these signatures in place of its own. */
type Fault = (event: JsonObject, version: RoomVersionId) => JsonObject;

const signedAgain =
  (serverName: () => string, key: () => SigningKey): Fault =>
  (event, version) =>
    signEvent({ ...event, signatures: {} }, getRoomVersion(version), serverName(), key());

/** The server whose user sent it. */
let author: ServerName;

const FAULTS: Readonly<Record<string, Fault>> = {
  'no signature': (event) => ({ ...event, signatures: {} }),
  'that of another server': signedAgain(
    () => evil.name,
    () => evil.key,
  ),
  'that of another key by the same id': signedAgain(
    () => author,
    () => createSigningKey('1', new Uint8Array(SEED_BYTES).fill(66)),
  ),
  'that of a key which its server used before': signedAgain(
    () => author,
    () => RETIRED_KEY,
  ),
};

describe.each(ways())('an event that comes by %s, in version %s', (_name, version, way) => {
  it('is kept as it was sent', async () => {
    expect((await way(version)).keeps(MARK)).toBe(true);
  });

  it.each(Object.entries(FAULTS))('[SEC-01] is not kept with %s', async (_what, fault) => {
    let spoilt = 0;
    network.spoil = (event) => {
      if (!canonicalJson(event).includes(MARK)) return event;
      author = serverOf(event['sender'] as UserId);
      spoilt += 1;
      return fault(event, version);
    };
    expect((await way(version)).keeps(MARK)).toBe(false);
    expect(spoilt).toBeGreaterThan(0);
  });
});
