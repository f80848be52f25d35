import { resolve, resolveDifference, type RoomVersionId, type Steps } from '@hansa/protocol';
import { plainEvents } from '@hansa/protocol/testing/event-graph-makers';
import { MemoryRoom } from '@hansa/protocol/testing/memory-room';
import { seededRandom } from '@hansa/protocol/testing/seeded-random';
import { differenceOf } from '@hansa/protocol/testing/whole-difference';
import { constant, type Row } from '../../row.ts';
import { type Fork, makeForkedRoom } from './forked-room.ts';
import { LARGE_FORK, LARGE_ROOM_MEMBERS } from './large-fork.ts';

/** After so long the caller ends its turn at the next pause. */
const TURN_MS = 5;
const BOUND_MICROS = 10_000;
/** The longest turn of so many resolutions counts. */
const RESOLUTIONS = 5;
/** Power levels of so many users take some 50 KB, nearly as much as an event may have. */
const MANY_LEVELS = 1_500;

interface ForkKind {
  readonly suffix: string;
  readonly says: string;
  readonly members: number;
  readonly fork: Fork;
}

const KINDS: readonly ForkKind[] = [
  { suffix: '', says: '', members: LARGE_ROOM_MEMBERS, fork: LARGE_FORK },
  {
    suffix: '-many-levels',
    says: `, ${MANY_LEVELS} users in power levels`,
    members: 2 * MANY_LEVELS,
    fork: { levelChanges: 200, bans: 0, topics: 0, usersWithLevels: MANY_LEVELS },
  },
];

export const longestTurnRows: readonly Row[] = KINDS.flatMap((kind) =>
  (['11', '12'] as const).map((version) => ({
    id: `protocol/resolve-turn-v${version}${kind.suffix}`,
    title: `longest turn of a caller that yields after ${TURN_MS} ms, both entry points, version ${version}${kind.says}`,
    operation: 'turn',
    goal: { says: 'at most 10 ms', factor: 1 },
    pairs: 7,
    prepare: () => ({
      ours: { name: 'the longest turn', block: longestTurns(version, kind) },
      reference: constant('the bound', BOUND_MICROS),
    }),
  })),
);

function longestTurns(version: RoomVersionId, { members, fork }: ForkKind) {
  const forked = makeForkedRoom(version, members, fork, (rules) =>
    plainEvents(rules, seededRandom(1)),
  );
  const difference = differenceOf(forked.states);
  // What is read of an event is kept with it: so each entry point first meets copies, which nobody has read.
  const unreadRoom = () =>
    new MemoryRoom(
      forked.rules,
      forked.events.map((event) => ({ ...event })),
    );
  return async () => {
    const rooms = { whole: unreadRoom(), differing: unreadRoom() };
    let cpuMicros = 0;
    for (let resolution = 0; resolution < RESOLUTIONS; resolution += 1) {
      for (const steps of [
        resolve(forked.states, rooms.whole),
        resolveDifference(difference, rooms.differing),
      ]) {
        cpuMicros = Math.max(cpuMicros, await longestTurn(steps));
      }
    }
    return { cost: cpuMicros, operations: 1 };
  };
}

async function longestTurn(steps: Steps<unknown>): Promise<number> {
  let longest = 0;
  for (;;) {
    const cpuBefore = process.threadCpuUsage();
    const start = performance.now();
    let done = false;
    let wallMs = 0;
    while (!done && wallMs < TURN_MS) {
      done = steps.next().done === true;
      wallMs = performance.now() - start;
    }
    const { user, system } = process.threadCpuUsage(cpuBefore);
    // CPU time comes in ticks of the kernel, wall time counts what others did: the lesser is nearer to the truth.
    longest = Math.max(longest, Math.min(user + system, wallMs * 1_000));
    if (done) return longest;
    await new Promise((resume) => setImmediate(resume));
  }
}
