import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RoomEvent } from '../events/room-event.ts';
import type { EventId, RoomId } from '../identifiers/brand.ts';
import { findRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { seed } from '../testing/runs.ts';
import { sharedVectors } from '../testing/shared.ts';
import { resolve, resolveDifference } from './resolve.ts';
import { StateMap } from './state-map.ts';
import { complete } from './steps.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { seededRandom, shuffled } from '../testing/seeded-random.ts';
import { differenceOf } from '../testing/whole-difference.ts';

const SHUFFLES = 20;
const vectors = sharedVectors('matrix/ruma-state-res');

/** Scenario and the files whose events it resolves, as ruma's test has them. */
const BATCHES: readonly (readonly [scenario: string, ...files: string[]])[] = [
  ['minimal_private_chat', 'bootstrap-private-chat'],
  ['minimal_public_chat', 'bootstrap-public-chat'],
  ['origin_server_ts_tiebreak', 'bootstrap-private-chat', 'origin-server-ts-tiebreak'],
  [
    'ban_vs_power_levels',
    'bootstrap-public-chat',
    'ban-vs-power-levels-alice',
    'ban-vs-power-levels-bob',
  ],
  [
    'topic_vs_power_levels',
    'bootstrap-public-chat',
    'topic-vs-power-levels-alice',
    'topic-vs-power-levels-bob',
  ],
  [
    'power_levels_admin_vs_mod',
    'bootstrap-public-chat',
    'power-levels-admin-vs-mod-alice',
    'power-levels-admin-vs-mod-bob',
  ],
  [
    'topic_vs_ban',
    'bootstrap-public-chat',
    'topic-vs-ban-common',
    'topic-vs-ban-alice',
    'topic-vs-ban-bob',
  ],
  [
    'join_rules_vs_join',
    'bootstrap-public-chat',
    'join-rules-vs-join-common',
    'join-rules-vs-join-alice',
    'join-rules-vs-join-ella',
  ],
  [
    'concurrent_joins',
    'bootstrap-public-chat',
    'concurrent-joins-charlie',
    'concurrent-joins-ella',
  ],
];

/** Scenario, events, and the two states that are given. */
const GIVEN_STATES = [
  ['msc4297_problem_a_state_res_v2_0', 'MSC4297-problem-A', 'pdus-v11', 'bob', 'charlie'],
  ['msc4297_problem_a_state_res_v2_1', 'MSC4297-problem-A', 'pdus-v12', 'bob', 'charlie'],
  ['msc4297_problem_b_state_res_v2_0', 'MSC4297-problem-B', 'pdus-v11', 'eve', 'zara'],
  ['msc4297_problem_b_state_res_v2_1', 'MSC4297-problem-B', 'pdus-v12', 'eve', 'zara'],
] as const;

describe.skipIf(vectors.missing)('[SR2-1] scenarios of ruma-state-res', () => {
  describe.each(BATCHES)('%s', (scenario, ...files) => {
    const batches = files.map((file) => readEvents(`${file}.json`));
    const rules = rulesOf(batches);
    const expected = readSnapshot(scenario);

    it.each(orders)('per event, per file and all at once agree, %s', (_, reorder) => {
      const shuffledBatches = reorder(batches.map((batch) => reorder(batch)));
      const room = new MemoryRoom(rules, shuffledBatches.flat());
      const inFileOrder = batches.map((batch) => reorder(batch));
      expect(describeState(resolvePerEvent(shuffledBatches.flat(), room, reorder), room)).toEqual(
        expected,
      );
      expect(describeState(resolvePerFile(inFileOrder, room, reorder), room)).toEqual(expected);
      expect(describeState(resolvePerFile([batches.flat()], room, reorder), room)).toEqual(
        expected,
      );
    });
  });

  describe.each(GIVEN_STATES)('%s', (scenario, folder, pdus, ...states) => {
    const events = readEvents(join(folder, `${pdus}.json`));
    const rules = rulesOf([events]);

    it.each(orders)('[SR21-1] from its two states, %s', (_, reorder) => {
      const room = new MemoryRoom(rules, reorder(events));
      const given = states.map((name) =>
        stateOf(readJson<EventId[]>(join(folder, `state-${name}.json`)), room, reorder),
      );
      expect(describeState(resolveBothWays(reorder(given), room), room)).toEqual(
        readSnapshot(scenario),
      );
    });
  });
});

describe.skipIf(vectors.missing)('files of ruma-state-res', () => {
  it('[SR2-1] are 25 fixtures and 13 snapshots, and each is used', () => {
    const batches = BATCHES.flatMap(([, ...files]) => files);
    const given = GIVEN_STATES.flatMap(([, folder, pdus, ...states]) =>
      [pdus, ...states.map((name) => `state-${name}`)].map((name) => `${folder}/${name}`),
    );
    const used = new Set([...batches, ...given].map((name) => `${name}.json`));
    const fixtures = globSync('**/*.json', { cwd: join(vectors.path, 'fixtures') });
    expect(fixtures).toHaveLength(25);
    expect([...used].sort()).toEqual(fixtures.sort());
    const scenarios = [...BATCHES, ...GIVEN_STATES].map(([scenario]) => scenario);
    const snapshots = globSync('*.snap', { cwd: join(vectors.path, 'snapshots') });
    expect(snapshots).toHaveLength(13);
    expect(scenarios.map((name) => `${name}@resolved_state.snap`).sort()).toEqual(snapshots.sort());
  });

  it('[SR2-1] hold events and resolved states', () => {
    for (const [scenario, ...files] of BATCHES) {
      for (const file of files) expect(readEvents(`${file}.json`)).not.toEqual([]);
      expect(readSnapshot(scenario)).not.toEqual([]);
    }
    for (const [scenario, folder, , ...states] of GIVEN_STATES) {
      for (const name of states) {
        expect(readJson<EventId[]>(join(folder, `state-${name}.json`))).not.toEqual([]);
      }
      expect(readSnapshot(scenario)).not.toEqual([]);
    }
  });
});

type Reorder = <T>(items: readonly T[]) => T[];

const orders = Array.from({ length: SHUFFLES + 1 }, (_, at): [string, Reorder] => {
  if (at === 0) return ['as given', (items) => [...items]];
  return [`shuffle ${at}`, (items) => shuffled(items, seededRandom(seed + at))];
});

/** Whole states and their difference must come to the same. */
function resolveBothWays(states: readonly StateMap<EventId>[], room: MemoryRoom) {
  const whole = complete(resolve(states, room));
  const difference = differenceOf(states);
  const resolved = complete(resolveDifference(difference, room));
  for (const [type, stateKey] of difference.entries) {
    expect(resolved.get(type, stateKey)).toBe(whole.get(type, stateKey));
  }
  for (const [type, stateKey, eventId] of resolved) {
    expect(whole.get(type, stateKey)).toBe(eventId);
  }
  return whole;
}

/** State after each event in turn, and in the end of all events that no other follows. */
function resolvePerEvent(events: readonly RoomEvent[], room: MemoryRoom, reorder: Reorder) {
  const after = new Map<EventId, StateMap<EventId>>();
  const waiting = new Set(events);
  while (waiting.size > 0) {
    for (const event of waiting) {
      const before = event.prevEvents.map((eventId) => after.get(eventId));
      if (before.includes(undefined)) continue;
      waiting.delete(event);
      const state = resolveBothWays(reorder(before.filter((each) => each !== undefined)), room);
      const proposed = state.clone();
      proposed.set(event.type, event.stateKey ?? '', event.eventId);
      after.set(event.eventId, resolveBothWays(reorder([state, proposed]), room));
    }
  }
  const followed = new Set(events.flatMap((event) => event.prevEvents));
  const leaves = events.filter((event) => !followed.has(event.eventId));
  return resolveBothWays(
    leaves.map((event) => after.get(event.eventId) ?? new StateMap<EventId>()),
    room,
  );
}

/** Each event is a state of its own, resolved with the result of the file before. */
function resolvePerFile(
  batches: readonly (readonly RoomEvent[])[],
  room: MemoryRoom,
  reorder: Reorder,
) {
  let resolved: StateMap<EventId> | undefined;
  for (const batch of batches) {
    const states = batch.map((event) => stateOf([event.eventId], room, reorder));
    resolved = resolveBothWays(
      reorder(resolved === undefined ? states : [resolved, ...states]),
      room,
    );
  }
  return resolved ?? new StateMap<EventId>();
}

function stateOf(eventIds: readonly EventId[], room: MemoryRoom, reorder: Reorder) {
  return StateMap.from(
    reorder(eventIds).map((eventId) => {
      const event = room.event(eventId);
      if (event?.stateKey === undefined) throw new Error(`${eventId} is not a state event`);
      return [event.type, event.stateKey, eventId] as const;
    }),
  );
}

/** As the snapshots write states. */
function describeState(state: StateMap<EventId>, room: MemoryRoom) {
  return [...state]
    .map(([type, stateKey, eventId]) => ({
      type,
      state_key: stateKey,
      event_id: eventId,
      content: room.event(eventId)?.content,
    }))
    .sort((a, b) => (a.type + a.state_key < b.type + b.state_key ? -1 : 1));
}

interface FixtureEvent {
  readonly event_id: EventId;
  readonly room_id?: RoomId;
  readonly type: string;
  readonly state_key: string;
  readonly sender: RoomEvent['sender'];
  readonly content: RoomEvent['content'];
  readonly origin_server_ts: number;
  readonly prev_events: readonly EventId[];
  readonly auth_events: readonly EventId[];
}

function readEvents(file: string): RoomEvent[] {
  return readJson<FixtureEvent[]>(file).map((event) => ({
    eventId: event.event_id,
    roomId: event.room_id ?? (`!${event.event_id.slice(1)}` as RoomId),
    type: event.type,
    stateKey: event.state_key,
    sender: event.sender,
    content: event.content,
    originServerTs: event.origin_server_ts,
    depth: 0,
    prevEvents: event.prev_events,
    authEvents: event.auth_events,
    redacts: undefined,
  }));
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(vectors.path, 'fixtures', file), 'utf8')) as T;
}

/** A header between two lines of dashes, then JSON. */
function readSnapshot(scenario: string): unknown {
  const file = join(vectors.path, 'snapshots', `${scenario}@resolved_state.snap`);
  const body = readFileSync(file, 'utf8').split('\n---\n')[1];
  return JSON.parse(body ?? '');
}

function rulesOf(batches: readonly (readonly RoomEvent[])[]): RoomVersionRules {
  const version = batches[0]?.[0]?.content['room_version'];
  const rules = typeof version === 'string' ? findRoomVersion(version) : undefined;
  if (rules === undefined) throw new Error('the first event names no known room version');
  return rules;
}
