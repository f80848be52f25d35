import type { RoomVersionId } from '@hansa/protocol';
import { seed as baseSeed } from '@hansa/protocol/testing/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, questionOf, type Difference } from './compare-with-synapse.ts';
import { randomRoom } from './random-room.ts';
import { findSynapsePython, SynapseLibrary } from './synapse-library.ts';

/** Rooms for each version that counts: `HANSA_DIFFERENTIAL_ROOMS`, else 200. Others get an eighth of it. */
const rooms = Number(process.env['HANSA_DIFFERENTIAL_ROOMS'] ?? 200);
const runs: readonly (readonly [version: RoomVersionId, rooms: number])[] = [
  ...(['6', '10', '11', '12'] as const).map((version) => [version, rooms] as const),
  ...(['1', '2', '3', '4', '5', '7', '8', '9'] as const).map(
    (version) => [version, Math.ceil(rooms / 8)] as const,
  ),
];

/** Time for a thousand rooms, on a slow machine. */
const TIMEOUT_MS = 600_000 + rooms * 600;

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
    'version %s, %i rooms: ids, redactions, decisions and resolved states are the same',
    { timeout: TIMEOUT_MS },
    async (version, count) => {
      const seen = { events: 0, rejected: 0, resolutions: 0 };
      for (let number = 0; number < count; number += 1) {
        const seed = baseSeed + number;
        const room = randomRoom(version, seed);
        const found = differences(room, await synapse.ask(questionOf(room)));
        expect(found.map(say), `HANSA_SEED=${seed} HANSA_DIFFERENTIAL_ROOMS=1`).toEqual([]);
        seen.events += room.events.length;
        seen.rejected += room.events.filter(({ rejected }) => rejected).length;
        seen.resolutions += room.resolutions.length;
      }
      // Rooms in which nothing happens, or nothing is refused, would compare nothing.
      expect(seen.events).toBeGreaterThan(15 * count);
      expect(seen.rejected).toBeGreaterThan(2 * count);
      expect(seen.resolutions).toBeGreaterThan(3 * count);
    },
  );
});

function say({ about, where, ours, synapse, placed }: Difference): string {
  const event = placed === undefined ? '' : `\n  ${JSON.stringify(placed.pdu.json)}`;
  return `${about} of ${where}\n  ours:    ${ours}\n  Synapse: ${synapse}${event}`;
}
