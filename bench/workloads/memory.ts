import { setTimeout as sleep } from 'node:timers/promises';
import { againstSynapse } from '../against-synapse.ts';
import { contestOf } from '../contest-of.ts';
import { memoryBytesOf } from '../process-tree.ts';
import type { Candidate, Row } from '../row.ts';
import { floorTarget } from '../targets/floor-target.ts';
import { hansaTarget } from '../targets/hansa-target.ts';
import type { SendTarget } from '../targets/send-target.ts';
import { synapseTarget } from '../targets/synapse-target.ts';
import { sending } from '../targets/sending.ts';

const MIB = 1_048_576;
/** After the start, so that what that took is given back. */
const IDLE_MS = 5_000;
const SYNAPSE_TIMES = 640;
const LOAD = { senders: 64, times: 6_400 };

const IDLE = {
  id: 'W8/idle',
  title: 'memory (PSS), idle after a start',
  operation: 'server',
  unit: 'MiB',
} as const;
const LOADED = {
  id: 'W8/loaded',
  title: 'memory (PSS) after W1',
  operation: 'server',
  unit: 'MiB',
} as const;

/** W8: memory of the whole tree, idle after a start, and after W1. */
export const memoryRows: readonly Row[] = [
  {
    ...IDLE,
    further: [LOADED],
    pairs: 3,
    prepare: () =>
      contestOf(async (running) => ({
        ours: remembering(await hansaTarget(running)),
        reference: remembering(await floorTarget(running)),
      })),
  },
  againstSynapse(
    {
      ...IDLE,
      id: 'W8/idle-synapse',
      goal: { says: "at most Synapse's", factor: 1 },
      further: [
        {
          ...LOADED,
          id: 'W8/loaded-synapse',
          goal: { says: "at most 2× Synapse's", factor: 2 },
        },
      ],
      pairs: 3,
    },
    async (running, python) => ({
      ours: remembering(await hansaTarget(running)),
      // As long under load, not as many: it is slower.
      reference: remembering(await synapseTarget(running, python), {
        ...LOAD,
        times: SYNAPSE_TIMES,
      }),
    }),
  ),
];

function remembering(target: SendTarget, load = LOAD): Candidate {
  const sends = sending(load, target);
  return {
    name: target.name,
    block: async () => {
      await target.process.stop();
      await target.process.resume();
      await sleep(IDLE_MS);
      const idle = memoryBytesOf(target.process.pid) / MIB;
      await sends.block();
      const loaded = memoryBytesOf(target.process.pid) / MIB;
      return { cost: idle, operations: 1, further: [loaded] };
    },
  };
}
