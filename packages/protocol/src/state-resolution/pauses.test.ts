import { describe, expect, it } from 'vitest';
import type { EventId, UserId } from '../identifiers/brand.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId, RoomVersionRules } from '../room-versions/rules.ts';
import { generateEventGraph } from '../testing/event-graph.ts';
import { plainEvents } from '../testing/event-graph-makers.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { seed } from '../testing/runs.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { differenceOf } from '../testing/whole-difference.ts';
import type { AuthGraph, ResolutionRoom } from './resolution-input.ts';
import { resolve, resolveDifference } from './resolve.ts';
import { StateMap } from './state-map.ts';
import { STEPS_A_PAUSE, type Steps } from './steps.ts';

/** Look-ups that one step may make: an authorisation asks for six keys, each of ten auth events at most. */
const LOOK_UPS_A_STEP = 60;
/** Of rooms whose last states differ in much: in others there is nothing to pause for. */
const MUCH_IN_CONFLICT = 5;
const ALICE = '@alice:a.example' as UserId;

class CountingRoom extends MemoryRoom {
  lookUps = 0;

  override event(...[eventId]: Parameters<ResolutionRoom['event']>) {
    this.lookUps += 1;
    return super.event(eventId);
  }

  override referrers(...[eventId, before, limit]: Parameters<AuthGraph['referrers']>) {
    this.lookUps += 1;
    return super.referrers(eventId, before, limit);
  }
}

describe.each<RoomVersionId>(['1', '11', '12'])('pauses, version %s', (version) => {
  const rules = getRoomVersion(version);
  const random = seededRandom(MUCH_IN_CONFLICT);
  const maker = plainEvents(rules, random);
  const graph = generateEventGraph({ rules, size: 2_000, random, maker });

  it('[SR-9] come every so many look-ups', () => {
    const room = new CountingRoom(rules, graph.events, graph.rejected);
    const difference = differenceOf(graph.states);
    for (const steps of [resolve(graph.states, room), resolveDifference(difference, room)]) {
      const { pauses, most } = run(steps, room);
      expect(pauses).toBeGreaterThan(2);
      expect(most).toBeLessThanOrEqual(STEPS_A_PAUSE * LOOK_UPS_A_STEP);
    }
  });
});

it('[SR-9] come while much that is no state any more is looked through in vain', () => {
  const { room, states } = forgottenNotes(getRoomVersion('11'), 10_000);
  const { most } = run(resolveDifference(differenceOf(states), room), room);
  expect(most).toBeLessThanOrEqual(STEPS_A_PAUSE * LOOK_UPS_A_STEP);
});

/** How many pauses there were, and the most look-ups between two of them. */
function run(steps: Steps<unknown>, room: CountingRoom) {
  let pauses = 0;
  let most = 0;
  let done = false;
  while (!done) {
    room.lookUps = 0;
    done = steps.next().done === true;
    most = Math.max(most, room.lookUps);
    pauses += 1;
  }
  return { pauses, most };
}

/** Two states with different power levels, on which many events rest that are in neither. */
function forgottenNotes(rules: RoomVersionRules, notes: number) {
  const maker = plainEvents(rules, seededRandom(seed));
  const send = (type: string, stateKey: string, authEvents: EventId[]) =>
    maker.make({
      type,
      stateKey,
      sender: ALICE,
      content: {},
      authEvents,
      prevEvents: [],
      depth: 1,
      originServerTs: 1,
    });
  const create = send('m.room.create', '', []);
  const levels = send('m.room.power_levels', '', [create.eventId]);
  const newer = send('m.room.power_levels', '', [create.eventId, levels.eventId]);
  const resting = Array.from({ length: notes }, (_, at) =>
    send('org.example.note', String(at), [create.eventId, levels.eventId]),
  );
  const room = new CountingRoom(rules, [create, levels, newer, ...resting]);
  const states = [levels, newer].map(({ eventId }) =>
    StateMap.from<EventId>([
      ['m.room.create', '', create.eventId],
      ['m.room.power_levels', '', eventId],
    ]),
  );
  return { room, states };
}
