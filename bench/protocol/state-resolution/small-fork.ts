import { complete, resolveDifference } from '@hansa/protocol';
import { plainEvents } from '@hansa/protocol/testing/event-graph-makers';
import { MemoryRoom } from '@hansa/protocol/testing/memory-room';
import { seededRandom } from '@hansa/protocol/testing/seeded-random';
import { differenceOf } from '@hansa/protocol/testing/whole-difference';
import { inProcess } from '../../in-process.ts';
import type { Candidate, Row } from '../../row.ts';
import { makeForkedRoom } from './forked-room.ts';
import { LARGE_ROOM_MEMBERS } from './large-fork.ts';

const SMALL_ROOM_MEMBERS = 100;

/** Five events on each side. */
const FORK = { levelChanges: 1, bans: 3, topics: 1 };

export const smallFork: Row = {
  id: 'protocol/resolve-small-fork',
  title: 'resolve a fork of five events in a room of 50,000, version 12',
  operation: 'resolution',
  goal: { says: 'at most twice what it costs in a room of 100', factor: 2 },
  prepare: () => ({
    ours: resolutionIn(LARGE_ROOM_MEMBERS),
    reference: resolutionIn(SMALL_ROOM_MEMBERS),
  }),
};

function resolutionIn(members: number): Candidate {
  const forked = makeForkedRoom('12', members, FORK, (rules) =>
    plainEvents(rules, seededRandom(1)),
  );
  const room = new MemoryRoom(forked.rules, forked.events);
  const difference = differenceOf(forked.states);
  return inProcess({
    name: `in a room of ${members.toLocaleString('en')}`,
    operations: 1,
    run: () => complete(resolveDifference(difference, room)),
  });
}
