import {
  buildEvent,
  canonicalJsonBytes,
  getRoomVersion,
  hashAndSignEvent,
  NumberLiteral,
  parsePdu,
} from '@hansa/protocol';
import type { EventId, JsonObject, Pdu, RoomId, RoomVersionId } from '@hansa/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSignaturesOf } from './funnel/with-signatures.ts';
import { forge, type Forgery } from './testing/forge.ts';
import { LyingNetwork } from './testing/lying-network.ts';
import { bodies, roomCreation, say, setState, stateOf } from './testing/rooms.ts';
import { join, leave, refusedWith, sharedRoom } from './testing/shared-room.ts';
import type { TestServer } from './testing/test-server.ts';

const EVENT_BYTES = 65_536;

let network: LyingNetwork;
let one: TestServer;
let two: TestServer;
let evil: TestServer;
beforeEach(async () => {
  network = new LyingNetwork();
  [one, two, evil] = await network.addServers('one.example', 'two.example', 'evil.example');
});
afterEach(() => network.close());

const inviteOf = (roomId: RoomId, target: TestServer, content: JsonObject = {}): Forgery => ({
  roomId,
  type: 'm.room.member',
  stateKey: target.user('bert'),
  sender: evil.user('mallory'),
  content: { ...content, membership: 'invite' },
});

/** An invite by mallory at this place in the graph, in the form of any room version. */
function inviteInVersion(
  version: RoomVersionId,
  fields: Forgery,
  place: Pick<Pdu, 'prevEvents' | 'authEvents' | 'depth'>,
): Pdu {
  const rules = getRoomVersion(version);
  const eventId = rules.eventIdFormat === 'given' ? ('$x:evil.example' as EventId) : undefined;
  const { prevEvents, authEvents, depth } = place;
  const references = rules.eventFormat === 'id' ? { prevEvents, authEvents } : NO_REFERENCES;
  const template = { ...fields, ...references, depth, originServerTs: 1, eventId };
  const json = hashAndSignEvent(buildEvent(template, rules), rules, evil.name, evil.key);
  const pdu = parsePdu(json, rules);
  if (!pdu.ok) throw new Error(pdu.reason);
  return pdu.value;
}

const NO_REFERENCES = { prevEvents: [], authEvents: [] };

const handIn = (target: TestServer, { roomId, eventId, json, rules }: Pdu) =>
  target.engine.receiveInvite({
    origin: evil.name,
    roomId,
    eventId,
    event: json,
    rules,
    inviteState: [],
    via: [evil.name],
  });

async function expectUsable(roomId: RoomId): Promise<void> {
  await one.restart();
  await say(one, roomId, 'alice', 'still here');
  expect(await bodies(one, roomId)).toContain('still here');
  expect(await stateOf(one, roomId)).toHaveProperty('m.room.create ');
}

describe('an invite that names another version than the room has', () => {
  it.each<[RoomVersionId, RoomVersionId, JsonObject]>([
    ['10', '5', { level: new NumberLiteral('1.5') }],
    ['10', '11', {}],
    ['10', '1', {}],
    ['11', '10', {}],
  ])(
    'is not signed, in a room of version %s that is said to be %s',
    async (version, claimed, content) => {
      const roomId = await sharedRoom(network, one, [[evil, 'mallory']], { version });
      const fields = inviteOf(roomId, one, content);
      const place = await forge(evil, evil, inviteOf(roomId, one));
      const pdu = inviteInVersion(claimed, fields, place);
      await expect(handIn(one, pdu)).rejects.toEqual(refusedWith('M_INVALID_PARAM'));
      expect(await one.store.readers.events.find(roomId, pdu.eventId)).toBeUndefined();
      await expectUsable(roomId);
    },
  );

  it('is not signed for a room that we have left either', async () => {
    const roomId = await sharedRoom(network, one, [[two, 'bob']], { version: '10' });
    await leave(two, roomId, 'bob');
    const pdu = inviteInVersion('11', inviteOf(roomId, two), { ...NO_REFERENCES, depth: 1 });
    await expect(handIn(two, pdu)).rejects.toEqual(refusedWith('M_INVALID_PARAM'));
    expect(await two.views.membershipsOf(two.user('bert'))).toEqual([]);
  });

  it('is the same to rooms of versions 1 and 2, which one route does not tell apart', async () => {
    const roomId = await sharedRoom(network, one, [[evil, 'mallory']], { version: '2' });
    const honest = network.honestPortOf(evil.name);
    const rules = getRoomVersion('1');
    network.lies = {
      invite: (target, pdu, state) => honest.invite(target, { ...pdu, rules }, state),
    };
    const invite = { roomId, sender: evil.user('mallory'), target: one.user('bert'), content: {} };
    const { eventId } = await evil.engine.invite(invite);
    await network.settle();
    await expectUsable(roomId);
    expect(await one.views.membershipsOf(one.user('bert'))).toMatchObject([
      { membership: 'invite' },
    ]);
    const stored = await one.views.findEvent(roomId, eventId);
    expect(stored?.pdu.rules.id).toBe('2');
  });

  it('hides no retraction of an invite that another user holds', async () => {
    const pdus = ['1', '5'] as const;
    const roomId = await one.engine.createRoom(
      roomCreation(one.user('alice'), { version: '10', joinRule: 'invite' }),
    );
    for (const [n, version] of pdus.entries()) {
      const fields = { ...inviteOf(roomId, two), stateKey: two.user(`a${n}`) };
      await handIn(two, inviteInVersion(version, fields, { ...NO_REFERENCES, depth: 1 }));
    }
    const bob = two.user('bob');
    await one.engine.invite({ roomId, sender: one.user('alice'), target: bob, content: {} });
    await setState(one, roomId, 'alice', 'm.room.member', { membership: 'leave' }, bob);
    await network.settle();
    expect(await two.views.membershipsOf(bob)).toMatchObject([{ membership: 'leave' }]);
  });
});

describe('a signature that a server adds to our event', () => {
  const SIGNATURE = 'A'.repeat(86);

  /** The invited server answers with these beside its own. */
  async function inviteAnsweredWith(more: Readonly<Record<string, string>>): Promise<RoomId> {
    const roomId = await sharedRoom(network, one, [[two, 'bob']], { version: '10' });
    const honest = network.honestPortOf(one.name);
    network.lies = {
      invite: async (target, pdu, state) => {
        const event = await honest.invite(target, pdu, state);
        const all = event['signatures'] as Record<string, JsonObject>;
        return { ...event, signatures: { ...all, [evil.name]: { ...all[evil.name], ...more } } };
      },
    };
    const target = evil.user('mallory');
    await one.engine.invite({ roomId, sender: one.user('alice'), target, content: {} });
    await network.settle();
    return roomId;
  }

  const many = Object.fromEntries(
    Array.from({ length: 1_500 }, (_, n) => [`ed25519:k${n}`, SIGNATURE]),
  );

  it.each<[string, Readonly<Record<string, string>>]>([
    ['is no text of any length', { 'ed25519:k': 'A'.repeat(70_000) }],
    ['has no key id of any length', { [`ed25519:${'k'.repeat(70_000)}`]: SIGNATURE }],
    ['is one of a few', many],
  ])('%s', async (_name, more) => {
    const roomId = await inviteAnsweredWith(more);
    await expectUsable(roomId);
    for (const server of [one, two]) {
      const state = await server.views.currentState(roomId);
      const invite = await state.find('m.room.member', evil.user('mallory'));
      const signatures = invite?.json['signatures'] as Record<string, JsonObject>;
      expect(Object.keys(signatures).toSorted()).toEqual([evil.name, one.name]);
      expect(Object.keys(signatures[evil.name] ?? {}).length).toBeLessThanOrEqual(16);
    }
  });

  it('makes the event no larger than an event may be', async () => {
    const roomId = await evil.engine.createRoom(
      roomCreation(evil.user('mallory'), { version: '10' }),
    );
    const withReason = (reason: string) => forge(evil, evil, inviteOf(roomId, one, { reason }));
    const rest = canonicalJsonBytes((await withReason('')).json).byteLength;
    const largest = await withReason('x'.repeat(EVENT_BYTES - rest));
    const copy = { signatures: { [one.name]: { 'ed25519:1': SIGNATURE } } };
    expect(withSignaturesOf(largest, one.name, copy)).toMatchObject({ ok: false, rule: 'SIZE-1' });
    await expect(handIn(one, largest)).rejects.toEqual(refusedWith('M_FORBIDDEN'));
    expect(await one.views.membershipsOf(one.user('bert'))).toEqual([]);
  });
});

describe('a join that another server authorises', () => {
  /** A room where nobody of `guest` may let others in, who are let in by one. */
  async function restrictedRoom(guest: TestServer): Promise<RoomId> {
    const create = (powerLevels: JsonObject) =>
      one.engine.createRoom(roomCreation(one.user('alice'), { version: '11', powerLevels }));
    const lobby = await create({});
    const roomId = await create({ invite: 50 });
    await join(guest, roomId, 'bob', one);
    await join(guest, lobby, 'berta', one);
    const allow = [{ type: 'm.room_membership', room_id: lobby }];
    const rule = { join_rule: 'restricted', allow };
    await setState(one, roomId, 'alice', 'm.room.join_rules', rule);
    await network.settle();
    return roomId;
  }

  it('has not succeeded where we could neither place nor keep it', async () => {
    const full = await network.addServer('full.example', { limits: { stagedInRoom: 0 } });
    const roomId = await restrictedRoom(full);
    network.cut.add(`${one.name} ${full.name}`);
    await say(one, roomId, 'alice', 'unheard of');
    await expect(join(full, roomId, 'berta', one)).rejects.toMatchObject({ status: 503 });
    expect(await full.views.joinedUsers(roomId)).not.toContain(full.user('berta'));
  });

  it('is by the rules of the room, whatever version the other server names', async () => {
    const roomId = await restrictedRoom(two);
    const honest = network.honestPortOf(two.name);
    network.lies = {
      makeJoin: async (...request) => {
        const { event } = await honest.makeJoin(...request);
        return { rules: getRoomVersion('10'), event };
      },
    };
    await expect(join(two, roomId, 'berta', one)).rejects.toMatchObject({ status: 502 });
    network.lies = {};
    await join(two, roomId, 'berta', one);
    expect(await two.views.joinedUsers(roomId)).toContain(two.user('berta'));
  });
});
