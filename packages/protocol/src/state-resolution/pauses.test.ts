import { describe, expect, it } from 'vitest';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { generateEventGraph } from '../testing/event-graph.ts';
import { plainEvents } from '../testing/event-graph-makers.ts';
import { seed } from '../testing/runs.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import type { AuthGraph, ResolutionRoom } from './resolution-input.ts';
import { resolve, resolveDifference } from './resolve.ts';
import { STEPS_A_PAUSE, type Steps } from './steps.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { differenceOf } from '../testing/whole-difference.ts';

/** Look-ups that one step may make: an authorisation asks for six keys, each of ten auth events at most. */
const LOOK_UPS_A_STEP = 60;

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
  const random = seededRandom(seed);
  const graph = generateEventGraph({
    rules,
    size: 2_000,
    random,
    maker: plainEvents(rules, random),
  });
  const room = new CountingRoom(rules, graph.events, graph.rejected);
  const cases: [string, () => Steps<unknown>][] = [
    ['whole states', () => resolve(graph.states, room)],
    ['their difference', () => resolveDifference(differenceOf(graph.states), room)],
  ];

  it.each(cases)('[SR-9] come every so many look-ups, %s', (_, start) => {
    const steps = start();
    let pauses = 0;
    let most = 0;
    room.lookUps = 0;
    while (steps.next().done !== true) {
      most = Math.max(most, room.lookUps);
      pauses += 1;
      room.lookUps = 0;
    }
    expect(pauses).toBeGreaterThan(2);
    expect(most).toBeLessThanOrEqual(STEPS_A_PAUSE * LOOK_UPS_A_STEP);
  });
});
