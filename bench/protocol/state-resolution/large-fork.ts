import {
  complete,
  type EventId,
  resolve,
  resolveDifference,
  type RoomVersionId,
  type StateDifference,
  StateMap,
} from '@hansa/protocol';
import { federationEvents } from '@hansa/protocol/testing/event-graph-makers';
import { MemoryRoom } from '@hansa/protocol/testing/memory-room';
import { differenceOf } from '@hansa/protocol/testing/whole-difference';
import { inProcess } from '../../in-process.ts';
import type { Contest, Goal, NotMeasured, Row } from '../../row.ts';
import { type Fork, makeForkedRoom } from './forked-room.ts';
import { SYNAPSE_IS_ABSENT } from '../../against-synapse.ts';
import { SynapseResolver } from './synapse-resolver.ts';

export const LARGE_ROOM_MEMBERS = 50_000;

/** On each side; with what they replace and rest on 8,400 events are in conflict. */
export const LARGE_FORK: Fork = { levelChanges: 200, bans: 2_000, topics: 0 };

/** Long enough for V8 to have compiled what runs in a server that has resolved before. */
const WARM_UPS = 40;

/** So that each block has its share of the collector's pauses. */
const BLOCK_MICROS = 400_000;

const GOAL: Goal = { says: 'at most a twentieth of Synapse’s resolver', factor: 1 / 20 };

export const largeForkRows: readonly Row[] = [
  {
    id: 'protocol/resolve-v11',
    title: 'resolve two forks of a room of 50,000, version 11',
    operation: 'resolution',
    goal: GOAL,
    prepare: () => prepare('11', 'difference'),
  },
  {
    id: 'protocol/resolve-v12',
    title: 'resolve two forks of a room of 50,000, version 12',
    operation: 'resolution',
    goal: GOAL,
    prepare: () => prepare('12', 'difference'),
  },
  {
    id: 'protocol/resolve-whole-v12',
    title: 'the same from whole states, as Synapse is given them',
    operation: 'resolution',
    pairs: 7,
    prepare: () => prepare('12', 'whole states'),
  },
];

async function prepare(
  version: RoomVersionId,
  given: 'difference' | 'whole states',
): Promise<Contest | NotMeasured> {
  const started = startSynapse(version);
  if (started === undefined) return { notMeasured: SYNAPSE_IS_ABSENT };
  const { synapse, states, room } = started;
  const { eventIds } = await synapse.resolve();
  const difference = differenceOf(states);
  const run = () =>
    given === 'difference'
      ? complete(resolveDifference(difference, room))
      : complete(resolve(states, room));
  const resolved = given === 'difference' ? merged(states[0], difference, run()) : run();
  if (idsOf(resolved).join() !== eventIds?.join()) throw new Error('Synapse resolves otherwise');
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp += 1) run();
  return {
    ours: inProcess({ name: given, operations: 1, blockMicros: BLOCK_MICROS, run }),
    reference: {
      name: 'Synapse, events in memory',
      block: async () => (await synapse.resolve()).block,
    },
    close: () => synapse.close(),
  };
}

/** Keeps no federation forms of the events: nobody here reads them, and the collector would walk over them. */
function startSynapse(version: RoomVersionId) {
  const forked = makeForkedRoom(version, LARGE_ROOM_MEMBERS, LARGE_FORK, federationEvents);
  const synapse = SynapseResolver.start(forked);
  if (synapse === undefined) return undefined;
  const events = forked.events.map(({ json: _json, rules: _rules, ...event }) => event);
  return { synapse, states: forked.states, room: new MemoryRoom(forked.rules, events) };
}

/** A state with what was resolved in the place of what differed. */
function merged(
  state: StateMap<EventId>,
  { entries }: StateDifference,
  resolved: StateMap<EventId>,
): StateMap<EventId> {
  const same = [...state].filter(([type, stateKey]) => !entries.has(type, stateKey));
  return StateMap.from([...same, ...resolved]);
}

function idsOf(state: StateMap<EventId>): string[] {
  return [...state].map(([, , eventId]) => eventId).toSorted();
}
