import {
  authEventKeys,
  getRoomVersion,
  StateMap,
  type JsonObject,
  type RoomVersionId,
  type UserId,
} from '@hansa/protocol';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questionOf } from './compare-with-synapse.ts';
import { isKnownToDiffer, knownDifferences } from './known-differences.ts';
import { SimulatedRoom, type Sketch } from './simulated-room.ts';
import { findSynapsePython, SynapseLibrary } from './synapse-library.ts';
import { promise, redeem } from './third-party.ts';

const CREATOR = '@u0:a.example' as UserId;
const GUEST = '@u2:b.example' as UserId;

const always = (): number => 0;
const promised = promise(CREATOR, 't0', always);

function state(type: string, stateKey: string | undefined, content: JsonObject): Sketch {
  return { type, stateKey, sender: CREATOR, content };
}

function membership(user: string, value: string, content: JsonObject = {}): Sketch {
  return state('m.room.member', user, { ...content, membership: value });
}

/** One event after the other, each by the auth events of its time. */
function roomOf(
  version: RoomVersionId,
  create: JsonObject,
  sketches: readonly Sketch[],
): SimulatedRoom {
  const room = new SimulatedRoom(getRoomVersion(version));
  const content = { room_version: version, creator: CREATOR, ...create };
  const all = [state('m.room.create', '', content), membership(CREATOR, 'join'), ...sketches];
  for (const sketch of all) {
    const last = room.events.at(-1);
    const before = last?.after;
    const authEvents = authEventKeys({ ...sketch, stateKey: sketch.stateKey }, room.rules)
      .map(([type, stateKey]) => before?.get(type, stateKey))
      .filter((eventId) => eventId !== undefined);
    room.add(sketch, {
      prevEvents: last === undefined ? [] : [last.pdu.eventId],
      authEvents,
      depth: room.events.length + 1,
      redacted: false,
      originServerTs: 1_700_000_000_000 + room.events.length,
    });
  }
  return room;
}

interface Example {
  readonly id: string;
  readonly name: string;
  readonly version: RoomVersionId;
  readonly create?: JsonObject;
  /** Of the last of them is it that we differ; without any, of the create event as it bears on the next. */
  readonly sketches: readonly Sketch[];
  readonly ours: 'allowed' | 'refused';
  /** How the answer of Synapse begins. */
  readonly synapse: string;
}

const examples: readonly Example[] = [
  {
    id: 'DIFF-1',
    name: 'a room that does not federate, and an invite of a user of another server',
    version: '11',
    create: { 'm.federate': false },
    sketches: [membership(GUEST, 'invite')],
    ours: 'allowed',
    synapse: 'refused: 403: This room has been marked as unfederatable',
  },
  {
    id: 'DIFF-2',
    name: 'm.federate is no boolean, and a user of another server joins',
    version: '11',
    create: { 'm.federate': 'no' },
    sketches: [
      state('m.room.join_rules', '', { join_rule: 'public' }),
      { ...membership(GUEST, 'join'), sender: GUEST },
    ],
    ours: 'allowed',
    synapse: 'refused: 403: This room has been marked as unfederatable',
  },
  {
    id: 'DIFF-3',
    name: 'a ban of what is no user id',
    version: '11',
    sketches: [membership('x', 'ban')],
    ours: 'allowed',
    synapse: "refused: 400: Invalid ID: 'x'",
  },
  {
    id: 'DIFF-4',
    name: 'power levels under a state key, from somebody who may not change those in force',
    version: '11',
    sketches: [
      state('m.room.power_levels', '', { users: { [CREATOR]: 50 }, ban: 50 }),
      state('m.room.power_levels', 'x', { users: { [CREATOR]: 50 }, ban: 60 }),
    ],
    ours: 'refused',
    synapse: 'allowed',
  },
  {
    id: 'DIFF-4',
    name: 'power levels that are a message',
    version: '11',
    sketches: [state('m.room.power_levels', undefined, { users: { [CREATOR]: 100 } })],
    ours: 'allowed',
    synapse: "crashed: AttributeError('state_key')",
  },
  {
    id: 'DIFF-5',
    name: 'a level that is a boolean, before version 10',
    version: '6',
    sketches: [state('m.room.power_levels', '', { users: { [CREATOR]: 100 }, ban: true })],
    ours: 'refused',
    synapse: 'allowed',
  },
  {
    id: 'DIFF-5',
    name: 'levels of events that are null, before version 10',
    version: '6',
    sketches: [state('m.room.power_levels', '', { users: { [CREATOR]: 100 }, events: null })],
    ours: 'refused',
    synapse: 'allowed',
  },
  {
    id: 'DIFF-5',
    name: 'a level of more digits than Python reads, before version 10',
    version: '9',
    sketches: [
      state('m.room.power_levels', '', { users: { [CREATOR]: 100 }, ban: '1'.repeat(4_301) }),
    ],
    ours: 'refused',
    synapse: 'allowed',
  },
  {
    id: 'DIFF-6',
    name: 'an invite by the one key of a promise whose list of keys is none',
    version: '11',
    sketches: [
      { ...promised, content: { ...promised.content, public_keys: 3 } },
      redeem(CREATOR, GUEST, { mxid: GUEST, token: 't0' }, always),
    ],
    ours: 'allowed',
    synapse: 'crashed: TypeError',
  },
  {
    id: 'DIFF-7',
    name: 'a redaction without a target, where the rules ask for one',
    version: '2',
    sketches: [
      state('m.room.power_levels', '', { users: { [CREATOR]: 50 }, redact: 60 }),
      { type: 'm.room.redaction', sender: CREATOR, content: {} },
    ],
    ours: 'refused',
    synapse: 'allowed',
  },
  {
    id: 'DIFF-8',
    name: 'a level of what is nearly a user id',
    version: '11',
    sketches: [state('m.room.power_levels', '', { users: { [CREATOR]: 100, '@x:not a name': 1 } })],
    ours: 'refused',
    synapse: 'allowed',
  },
  {
    id: 'DIFF-9',
    name: 'a third-party invite of two signatures, of which the second is right',
    version: '11',
    sketches: [
      promised,
      redeem(
        CREATOR,
        GUEST,
        {
          mxid: GUEST,
          token: 't0',
          signatures: { 'id.example': { 'ed25519:0': 'A'.repeat(86) } },
        },
        always,
      ),
    ],
    ours: 'allowed',
    synapse: 'refused: 403: You are not invited to this room',
  },
];

const python = findSynapsePython();

describe.skipIf(python === undefined)('what Synapse is known to decide otherwise', () => {
  let synapse: SynapseLibrary;
  beforeAll(() => {
    synapse = new SynapseLibrary(python ?? '');
  });
  afterAll(async () => {
    await synapse[Symbol.asyncDispose]();
  });

  it.each(examples)('[$id] $name', async ({ version, create, sketches, ours, synapse: theirs }) => {
    const room = roomOf(version, create ?? {}, sketches);
    const placed = room.events.at(-1);
    const answer = await synapse.ask(questionOf(room));
    const said = answer.events.at(-1);
    if (placed === undefined || said === undefined || 'unreadable' in said) {
      throw new Error('Synapse cannot read the example');
    }
    expect(placed.verdicts.state.ok).toBe(ours === 'allowed');
    expect(said.state.slice(0, theirs.length)).toBe(theirs);
  });
});

describe('the list of them', () => {
  const document = readFileSync(new URL('DIFFERENCES.md', import.meta.url), 'utf8');

  it('is kept in DIFFERENCES.md, with an example of each', () => {
    const ids = knownDifferences.map(({ id }) => id);
    expect([...document.matchAll(/^## (DIFF-\d+)/gm)].map(([, id]) => id)).toEqual(ids);
    expect(new Set(examples.map(({ id }) => id))).toEqual(new Set(ids));
  });

  it.each(examples)('keeps random rooms clear of $id: $name', ({ version, create, sketches }) => {
    const room = roomOf(version, create ?? {}, sketches);
    const concerned = room.events.filter(({ pdu, before }) => {
      const entries = [...before].map(([type, key, id]) => [type, key, room.get(id).pdu] as const);
      return isKnownToDiffer(pdu, StateMap.from(entries), room.rules);
    });
    expect(concerned).toHaveLength(1);
  });
});
