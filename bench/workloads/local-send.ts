import { againstSynapse } from '../against-synapse.ts';
import { contestOf } from '../contest-of.ts';
import type { Row } from '../row.ts';
import { floorTarget } from '../targets/floor-target.ts';
import { hansaTarget } from '../targets/hansa-target.ts';
import { sending } from '../targets/sending.ts';
import { synapseTarget } from '../targets/synapse-target.ts';

/** Of one block; more senders are faster. */
const LOADS = [
  { senders: 1, times: 400, warmUps: 10 },
  { senders: 8, times: 1_600, warmUps: 5 },
  { senders: 64, times: 3_200, warmUps: 5 },
];

/** Of Synapse, which takes as long for these as ours for many times as many. */
const SYNAPSE_TIMES = 256;

/** W1: local send, durable and signed. */
export const localSendRows: readonly Row[] = LOADS.flatMap((load): readonly Row[] => {
  const about = {
    title: `local send, ${load.senders} at once`,
    operation: 'event',
    durability: 'power loss',
  } as const;
  const few = { ...load, times: SYNAPSE_TIMES };
  return [
    {
      ...about,
      id: `W1/${load.senders}`,
      goal: { says: 'at least 50 % of the floor', factor: 2 },
      pairs: 7,
      warmUps: load.warmUps,
      prepare: () =>
        contestOf(async (running) => ({
          ours: sending(load, await hansaTarget(running)),
          reference: sending(load, await floorTarget(running)),
        })),
    },
    againstSynapse(
      {
        ...about,
        id: `W1/${load.senders}-synapse`,
        goal: { says: 'at least 40× Synapse', factor: 1 / 40 },
        pairs: 5,
        warmUps: load.warmUps,
      },
      async (running, python) => ({
        ours: sending(load, await hansaTarget(running)),
        reference: sending(few, await synapseTarget(running, python)),
      }),
    ),
  ];
});
