import type { RoomVersionId } from '@hansa/protocol';
import { propertyParameters, roomRuns, seed as baseSeed } from '@hansa/protocol/testing/runs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, questionOf, type Difference } from './compare-with-synapse.ts';
import { randomRoom } from './random-room.ts';
import { findSynapsePython, SynapseLibrary } from './synapse-library.ts';

/** The versions that count get all the rooms, others an eighth of them. */
const runs: readonly (readonly [version: RoomVersionId, rooms: number])[] = [
  ...(['6', '10', '11', '12'] as const).map((version) => [version, roomRuns] as const),
  ...(['1', '2', '3', '4', '5', '7', '8', '9'] as const).map(
    (version) => [version, Math.ceil(roomRuns / 8)] as const,
  ),
];

/** Fewer, where the time was over or one was repeated, say nothing of what rooms are like. */
const TELLING_ROOMS = 20;

/** Time for a thousand rooms, on a slow machine. */
const TIMEOUT_MS = 600_000 + roomRuns * 600;

const python = findSynapsePython();

describe.skipIf(python === undefined)('Synapse and we, about random rooms', () => {
  let synapse: SynapseLibrary;
  beforeAll(() => {
    synapse = new SynapseLibrary(python ?? '');
  });
  afterAll(async () => {
    await synapse[Symbol.asyncDispose]();
  });

  it.each(runs)(
    '[SEC-07] version %s: ids, redactions, decisions and resolved states are the same',
    { timeout: TIMEOUT_MS },
    async (version, count) => {
      const seen = { rooms: 0, events: 0, rejected: 0, resolutions: 0 };
      // fast-check counts the rooms and minds the time; each is made from a seed of its own.
      const compareNext = fc.asyncProperty(fc.constant(undefined), async () => {
        const seed = baseSeed + seen.rooms;
        const room = randomRoom(version, seed);
        const found = differences(room, await synapse.ask(questionOf(room)));
        expect(found.map(say), `HANSA_SEED=${seed} HANSA_PROPERTY_RUNS=1`).toEqual([]);
        seen.rooms += 1;
        seen.events += room.events.length;
        seen.rejected += room.events.filter(({ rejected }) => rejected).length;
        seen.resolutions += room.resolutions.length;
      });
      await fc.assert(compareNext, propertyParameters(count));
      if (seen.rooms < TELLING_ROOMS) return;
      // Rooms in which nothing happens, or nothing is refused, would compare nothing.
      expect(seen.events).toBeGreaterThan(15 * seen.rooms);
      expect(seen.rejected).toBeGreaterThan(2 * seen.rooms);
      expect(seen.resolutions).toBeGreaterThan(3 * seen.rooms);
    },
  );
});

function say({ about, where, ours, synapse, placed }: Difference): string {
  const event = placed === undefined ? '' : `\n  ${JSON.stringify(placed.pdu.json)}`;
  return `${about} of ${where}\n  ours:    ${ours}\n  Synapse: ${synapse}${event}`;
}
