import { contestOf } from '../contest-of.ts';
import type { Row } from '../row.ts';
import { floorTarget } from '../targets/floor-target.ts';
import { hansaTarget } from '../targets/hansa-target.ts';
import { sending } from '../targets/sending.ts';

/** Of one block; more senders are faster. */
const LOADS = [
  { senders: 1, times: 400 },
  { senders: 8, times: 1_600 },
  { senders: 64, times: 3_200 },
];

/** W1: local send, durable and signed. */
export const localSendRows: readonly Row[] = LOADS.map((load) => ({
  id: `W1/${load.senders}`,
  title: `local send, ${load.senders} at once`,
  operation: 'event',
  durability: 'power loss',
  goal: { says: 'at least 50 % of the floor', factor: 2 },
  pairs: 7,
  prepare: () =>
    contestOf(async (running) => ({
      ours: sending(load, await hansaTarget(running)),
      reference: sending(load, await floorTarget(running)),
    })),
}));
