import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import type { EventId, UserId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { createSigningKey } from '../signing/signing-key.ts';
import { signJson } from '../signing/sign-json.ts';
import { countedJson, type Work } from '../testing/counted.ts';
import { plainEvents } from '../testing/event-graph-makers.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { seed } from '../testing/runs.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { resolve } from './resolve.ts';
import { StateMap } from './state-map.ts';
import type { Steps } from './steps.ts';

const ALICE = '@alice:a.example' as UserId;
const SIDES = [0, 1];
const CHANGES = 20;
const LEVELS = 1_500;
/** Of each entry its key is listed, and its level read. */
const STEPS_A_LEVEL = 2;
/** Entries of small events that may be read in one turn, besides one large event. */
const SMALL_READS = 500;
const INVITES = 30;

it.each<RoomVersionId>(['1', '9', '11', '12'])(
  '[SR-9] come as often as levels are many, version %s',
  (version) => {
    const room = new ForkedRoom(version);
    const work: Work = { steps: 0 };
    const changes = version === '1' ? 1 : CHANGES;
    const states = SIDES.map((side) => room.withLevelChanges(side, changes, work));
    const first = run(() => resolve(states, room.memory()), work);
    expect(first.steps).toBeGreaterThanOrEqual(2 * changes * LEVELS * STEPS_A_LEVEL);
    expect(first.most).toBeLessThan((LEVELS + SMALL_READS) * STEPS_A_LEVEL);
    // What was read is kept: to compare it counts too.
    const again = run(() => resolve(states, room.memory()), work);
    expect(again.steps).toBe(0);
    expect(again.pauses).toBeGreaterThanOrEqual(2 * changes);
  },
);

it('[SR-9] come as often as texts of levels are long', () => {
  const room = new ForkedRoom('9');
  const states = SIDES.map((side) =>
    room.withLevels(side, CHANGES, (change) => ({
      users: { [ALICE]: 100 },
      invite: change % 40,
      kick: `${' '.repeat(60_000)}50`,
    })),
  );
  expect(run(() => resolve(states, room.memory())).pauses).toBeGreaterThanOrEqual(2 * CHANGES);
});

it.each<RoomVersionId>(['1', '11', '12'])(
  '[SR-9] come with each third-party invite, which takes verifying, version %s',
  (version) => {
    const room = new ForkedRoom(version);
    const states = SIDES.map((side) => room.withInvites(side, INVITES));
    const { pauses } = run(() => resolve(states, room.memory()));
    expect(pauses).toBeGreaterThanOrEqual(INVITES);
  },
);

/** How many pauses there were; what was read, in all and the most between two pauses. */
function run(start: () => Steps<unknown>, work: Work = { steps: 0 }) {
  const total = { pauses: 0, steps: 0, most: 0 };
  const steps = start();
  for (let done = false; !done; total.pauses += 1) {
    work.steps = 0;
    done = steps.next().done === true;
    total.steps += work.steps;
    total.most = Math.max(total.most, work.steps);
  }
  return total;
}

/** Alice's room, of which there are two states, one for each side of a fork. */
class ForkedRoom {
  readonly #version: RoomVersionId;
  readonly #maker;
  readonly #events: ReturnType<ReturnType<typeof plainEvents>['make']>[] = [];
  readonly #base: readonly [string, string, EventId][];

  constructor(version: RoomVersionId) {
    this.#version = version;
    this.#maker = plainEvents(getRoomVersion(version), seededRandom(seed));
    const create = this.#send('m.room.create', '', { creator: ALICE, room_version: version }, []);
    const join = this.#send('m.room.member', ALICE, { membership: 'join' }, [create]);
    this.#base = [
      ['m.room.create', '', create],
      ['m.room.member', ALICE, join],
    ];
  }

  memory(): MemoryRoom {
    return new MemoryRoom(getRoomVersion(this.#version), this.#events);
  }

  /** Many users have levels; their reads are counted. */
  withLevelChanges(side: number, changes: number, work: Work): StateMap<EventId> {
    const others = Array.from({ length: LEVELS }, (_, at) => [`@user${at}:b.example`, 1] as const);
    return this.withLevels(side, changes, (change) => ({
      users: countedJson(Object.fromEntries([...this.#founder(), ...others]), work),
      invite: change % 40,
    }));
  }

  withLevels(
    side: number,
    changes: number,
    content: (change: number) => JsonObject,
  ): StateMap<EventId> {
    let last: EventId | undefined;
    for (let change = 0; change < changes; change += 1) {
      const auth = [...this.#baseIds(), ...(last === undefined ? [] : [last])];
      last = this.#send('m.room.power_levels', '', content(2 * change + side), auth);
    }
    return this.#state(last === undefined ? [] : [['m.room.power_levels', '', last]]);
  }

  /** All of one promise, whose first invite stands in both. */
  withInvites(side: number, invites: number): StateMap<EventId> {
    const key = createSigningKey('0', Buffer.alloc(32, 1));
    const content = { public_key: key.publicKey };
    const promise = this.#events.find(({ type }) => type === 'm.room.third_party_invite');
    const promised =
      promise?.eventId ??
      this.#send('m.room.third_party_invite', 'token', content, this.#baseIds());
    const entries = Array.from({ length: invites }, (_, at): [string, string, EventId] => {
      const mxid = `@guest${at}:b.example`;
      const signed = signJson({ mxid, token: 'token' }, 'id.example', key);
      const invite = { membership: 'invite', side, third_party_invite: { signed } };
      const auth = [...this.#baseIds(), promised];
      return ['m.room.member', mxid, this.#send('m.room.member', mxid, invite, auth)];
    });
    return this.#state([['m.room.third_party_invite', 'token', promised], ...entries]);
  }

  #state(entries: readonly [string, string, EventId][]): StateMap<EventId> {
    return StateMap.from([...this.#base, ...entries]);
  }

  #baseIds(): EventId[] {
    return this.#base.map(([, , eventId]) => eventId);
  }

  #founder(): [string, number][] {
    return this.#version === '12' ? [] : [[ALICE, 100]];
  }

  #send(type: string, stateKey: string, content: JsonObject, authEvents: EventId[]): EventId {
    const event = this.#maker.make({
      type,
      stateKey,
      sender: ALICE,
      content,
      roomId: this.#events[0]?.roomId,
      authEvents: this.#version === '12' ? authEvents.slice(1) : authEvents,
      prevEvents: [],
      depth: this.#events.length + 1,
      originServerTs: this.#events.length + 1,
    });
    this.#events.push(event);
    return event.eventId;
  }
}
