import fc from 'fast-check';
import { SUPPORTED_ROOM_VERSIONS, getRoomVersion } from '../../room-versions/index.ts';
import { type EventGraph, generateEventGraph } from '../../testing/event-graph.ts';
import { plainEvents } from '../../testing/event-graph-makers.ts';
import { seededRandom } from '../../testing/seeded-random.ts';
import { MemoryRoom } from '../../testing/memory-room.ts';

export interface RandomGraph extends EventGraph {
  readonly room: MemoryRoom;
  /** For choices of the test itself. */
  readonly random: () => number;
}

/** Random rooms of all versions, of 5 to 200 events. */
export function randomGraphs({ extremes = false } = {}): fc.Arbitrary<RandomGraph> {
  return fc
    .record({
      version: fc.constantFrom(...SUPPORTED_ROOM_VERSIONS),
      size: fc.oneof(fc.integer({ min: 5, max: 60 }), fc.integer({ min: 60, max: 200 })),
      seed: fc.nat(),
    })
    .map(({ version, size, seed }) => {
      const rules = getRoomVersion(version);
      const random = seededRandom(seed);
      const maker = plainEvents(rules, random);
      const graph = generateEventGraph({ rules, size, random, maker, extremes });
      return { ...graph, random, room: new MemoryRoom(rules, graph.events, graph.rejected) };
    });
}
