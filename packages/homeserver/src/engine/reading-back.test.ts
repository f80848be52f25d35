import {
  canonicalJsonBytes,
  getRoomVersion,
  hashAndSignEvent,
  NumberLiteral,
  parsePdu,
  SUPPORTED_ROOM_VERSIONS,
} from '@hansa/protocol';
import type { EventId, JsonObject, Pdu, RoomId, RoomVersionId } from '@hansa/protocol';
import { propertyParameters, slowRuns } from '@hansa/protocol/testing/runs';
import type { Store } from '@hansa/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RoomDraft } from './room/room-draft.ts';
import { loadRoomHead } from './room/room-head.ts';
import { forge } from './testing/forge.ts';
import { bodies, say, setState, stateOf } from './testing/rooms.ts';
import { sharedRoom } from './testing/shared-room.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

/** A case is two servers and a restart. */
const CASES_IN_TEST = 15;

/** Notes every event that is put, by whatever way. */
function noting(store: Store, put: Map<EventId, Pdu>): Store {
  return {
    incarnation: store.incarnation,
    readers: store.readers,
    newTimeline: () => store.newTimeline(),
    close: () => store.close(),
    transact: (record) =>
      store.transact((writers) => {
        const { events } = writers;
        const original = events.put.bind(events);
        events.put = (event) => {
          original(event);
          put.set(event.pdu.eventId, event.pdu);
        };
        record(writers);
      }),
  };
}

interface Foreign {
  readonly content: JsonObject;
  readonly fields: JsonObject;
  readonly type: string;
  readonly stateKey: string | undefined;
  /** By which rules its server makes it: those of the room, or others. */
  readonly claimed: RoomVersionId | undefined;
  readonly as: 'event' | 'invite';
}

/** Numbers among them that only some versions have. */
const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.array(fc.string()),
  fc.constant(new NumberLiteral('1.5')),
);

const foreign = fc.record({
  content: fc.dictionary(fc.string(), value),
  fields: fc.dictionary(fc.constantFrom('origin', 'membership', 'redacts', 'x'), fc.string()),
  type: fc.constantFrom('m.room.message', 'm.room.name', 'm.room.redaction', 'm.room.member'),
  stateKey: fc.option(fc.constantFrom('', '@bert:one.example'), { nil: undefined }),
  claimed: fc.constantFrom('1', '5', '10', '11', undefined),
  as: fc.constantFrom('event', 'invite'),
}) as fc.Arbitrary<Foreign>;

it('every event put reads back by the rules of its room', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SUPPORTED_ROOM_VERSIONS),
      fc.array(foreign, { minLength: 1, maxLength: 8 }),
      async (version, all) => {
        const put = new Map<EventId, Pdu>();
        const network = new TestNetwork();
        const wrapStore = (store: Store): Store => noting(store, put);
        const one = await network.addServer('one.example', { wrapStore });
        const evil = await network.addServer('evil.example');
        const roomId = await sharedRoom(network, one, [[evil, 'mallory']], { version });
        for (const [n, each] of all.entries()) await handIn([one, evil], roomId, each, n);
        await network.idle();
        await one.restart();
        for (const [eventId, pdu] of put) {
          const stored = await one.store.readers.events.find(roomId, eventId);
          expect(stored?.verdict).not.toBe('quarantined');
          const read = canonicalJsonBytes(stored?.pdu.json ?? {});
          expect(read).toEqual(canonicalJsonBytes(pdu.json));
        }
        one.problems.length = 0;
        await network.close();
      },
    ),
    propertyParameters(slowRuns(CASES_IN_TEST)),
  );
});

async function handIn(
  [one, evil]: readonly [TestServer, TestServer],
  roomId: RoomId,
  each: Foreign,
  n: number,
): Promise<void> {
  const { content, fields, type, stateKey, claimed, as } = each;
  const sender = evil.user('mallory');
  const invite = { type: 'm.room.member', stateKey: one.user('bert') };
  const membership = { ...content, membership: 'invite' };
  const said = as === 'invite' ? { ...invite, content: membership } : { type, stateKey, content };
  const ofRoom = await evil.views.findRoom(roomId);
  // Versions 1 and 2 name their events themselves; without references they need no hashes of others.
  const named =
    ofRoom?.rules.eventIdFormat === 'given'
      ? { eventId: `$${n}:evil.example` as EventId, prevEvents: [], authEvents: [] }
      : {};
  const plain = { ...said, content: as === 'invite' ? { membership: 'invite' } : {} };
  const honest = await forge(evil, evil, { roomId, sender, ...plain, ...named });
  const rules = claimed === undefined ? honest.rules : getRoomVersion(claimed);
  const { signatures: _signatures, hashes: _hashes, ...unsigned } = honest.json;
  const json = hashAndSignEvent(
    { ...unsigned, ...fields, content: said.content },
    rules,
    evil.name,
    evil.key,
  );
  await one.engine.receive(evil.name, [json]);
  const pdu = parsePdu(json, rules);
  if (!pdu.ok || as !== 'invite') return;
  const { eventId } = pdu.value;
  const inbound = { origin: evil.name, roomId, eventId, rules, event: json };
  await one.engine.receiveInvite({ ...inbound, inviteState: [], via: [] }).catch(() => undefined);
}

it('no event of another room or version is put, whatever has let it through', async () => {
  const network = new TestNetwork();
  const one = await network.addServer('one.example');
  const roomId = await sharedRoom(network, one, [], { version: '10' });
  const head = await loadRoomHead(one.store.readers, roomId);
  const draft = new RoomDraft(roomId, head, one.store.readers, () => 1);
  const sender = one.user('alice');
  const pdu = await forge(one, one, { roomId, type: 'm.room.message', sender, content: {} });
  const put = (wrong: Partial<Pdu>) => () =>
    draft.putEvent({
      pdu: { ...pdu, ...wrong },
      place: 'outlier',
      verdict: 'accepted',
      depth: 1,
      storedAt: 1,
    });
  expect(put({ rules: getRoomVersion('11') })).toThrow('not of this room');
  expect(put({ roomId: '!other:one.example' as RoomId })).toThrow('not of this room');
  expect(put({})).not.toThrow();
  await network.close();
});

it('a stored event that cannot be read costs neither timeline nor state', async () => {
  const network = new TestNetwork();
  const one = await network.addServer('one.example');
  const two = await network.addServer('two.example');
  const roomId = await sharedRoom(network, one, [[two, 'bob']]);
  const topic = await setState(one, roomId, 'alice', 'm.room.topic', { topic: 'lost' });
  const { eventId } = await say(one, roomId, 'alice', 'lost');
  await say(one, roomId, 'alice', 'kept');
  const last = await say(one, roomId, 'alice', 'lost at the end');
  await network.settle();
  for (const lost of [topic.eventId, eventId, last.eventId]) one.spoil(lost);
  await one.restart();
  expect(await bodies(one, roomId)).toEqual(['kept']);
  const state = await stateOf(one, roomId);
  expect(state).toHaveProperty('m.room.create ');
  expect(state).not.toHaveProperty('m.room.topic ');
  expect(await one.views.findEvent(roomId, eventId)).toBeUndefined();
  await say(two, roomId, 'bob', 'here');
  await network.settle();
  await say(one, roomId, 'alice', 'and here');
  await network.settle();
  expect(await bodies(one, roomId)).toEqual(['kept', 'here', 'and here']);
  expect((await bodies(two, roomId)).slice(-2)).toEqual(['here', 'and here']);
  const told = one.problems.splice(0);
  expect(told).toHaveLength(3);
  for (const problem of told) expect(problem).toContain('is broken');
  await network.close();
});
