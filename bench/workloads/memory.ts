import { setTimeout as sleep } from 'node:timers/promises';
import { contestOf } from '../contest-of.ts';
import { memoryBytesOf } from '../process-tree.ts';
import type { Candidate, Row } from '../row.ts';
import { floorTarget } from '../targets/floor-target.ts';
import { hansaTarget } from '../targets/hansa-target.ts';
import type { SendTarget } from '../targets/send-target.ts';
import { sending } from '../targets/sending.ts';

const MIB = 1_048_576;
/** After the start, so that what that took is given back. */
const IDLE_MS = 5_000;
const LOAD = { senders: 64, times: 6_400 };

/** W8: memory of the whole tree, idle after a start, and after W1. */
export const memoryRow: Row = {
  id: 'W8/idle',
  title: 'memory (PSS), idle after a start',
  operation: 'server',
  unit: 'MiB',
  further: [
    {
      id: 'W8/loaded',
      title: `memory (PSS) after ${LOAD.times} events of W1`,
      operation: 'server',
      unit: 'MiB',
    },
  ],
  pairs: 3,
  prepare: () =>
    contestOf(async (running) => ({
      ours: remembering(await hansaTarget(running)),
      reference: remembering(await floorTarget(running)),
    })),
};

export function remembering(target: SendTarget, load = LOAD): Candidate {
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
