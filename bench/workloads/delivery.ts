import { againstSynapse } from '../against-synapse.ts';
import { contestOf } from '../contest-of.ts';
import { closedLoop } from '../closed-loop.ts';
import { openLoop } from '../open-loop.ts';
import { cpuMicrosOfAll } from '../process-tree.ts';
import { quantile } from '../quantile.ts';
import type { Candidate, Row } from '../row.ts';
import { floorPair } from '../pairs/floor-pair.ts';
import { hansaPair } from '../pairs/hansa-pair.ts';
import { synapsePair } from '../pairs/synapse-pair.ts';
import type { ServerPair } from '../pairs/server-pair.ts';

const SENDERS = 64;
const EVENTS = 2_000;
const EVENTS_WITH_SYNAPSE = 200;
/** Far below what either can, so that nobody waits for a place. */
const LATENCY_PER_SECOND = 50;
const LATENCY_EVENTS = 200;

/** W2: from A to somebody who waits at B. CPU time of both servers at saturation; latency at a fixed rate. */
export const deliveryRow: Row = {
  id: 'W2/delivered',
  title: `A to B, ${SENDERS} senders, seen at B`,
  operation: 'event',
  durability: 'power loss',
  goal: { says: 'at least 40 % of the floor', factor: 2.5 },
  further: [
    {
      id: 'W2/median',
      title: `send to visible at B, ${LATENCY_PER_SECOND} a second, median`,
      operation: 'event',
      unit: 'ms',
      goal: { says: "at most 2× the floor's", factor: 2 },
    },
    {
      id: 'W2/p99',
      title: `send to visible at B, ${LATENCY_PER_SECOND} a second, p99`,
      operation: 'event',
      unit: 'ms',
      goal: { says: "at most 3.5× the floor's", factor: 3.5 },
    },
  ],
  pairs: 7,
  warmUps: 2,
  prepare: () =>
    contestOf(async (running) => ({
      ours: delivering(await hansaPair(running)),
      reference: delivering(await floorPair(running)),
    })),
};

/** The same against two Synapses. */
export const deliverySynapseRow: Row = againstSynapse(
  {
    id: 'W2/delivered-synapse',
    title: `A to B, ${SENDERS} senders, seen at B`,
    operation: 'event',
    durability: 'power loss',
    goal: { says: 'at least 30× Synapse', factor: 1 / 30 },
    pairs: 5,
  },
  async (running, python) => ({
    ours: delivering(await hansaPair(running), EVENTS_WITH_SYNAPSE),
    reference: delivering(await synapsePair(running, python), EVENTS_WITH_SYNAPSE),
  }),
);

function delivering(pair: ServerPair, events = EVENTS): Candidate {
  let blocks = 0;
  return {
    name: pair.name,
    block: async () => {
      blocks += 1;
      const before = cpuMicrosOfAll(pair.processes);
      const eventIds = await closedLoop({ senders: SENDERS, times: events }, (index) =>
        pair.send(`${blocks}-${index}`),
      );
      await pair.atB.seen(eventIds);
      const cost = cpuMicrosOfAll(pair.processes) - before;
      await pair.check?.(eventIds);
      if (events < EVENTS) return { cost, operations: events };
      const latencies = await latenciesOf(pair, `${blocks}-slow`);
      const further = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
      return { cost, operations: events, further };
    },
  };
}

/** In milliseconds, at a fixed rate. */
async function latenciesOf(pair: ServerPair, name: string): Promise<readonly number[]> {
  const paced = await openLoop({ times: LATENCY_EVENTS, perSecond: LATENCY_PER_SECOND }, (index) =>
    pair.send(`${name}-${index}`),
  );
  const seenAt = await pair.atB.seen(paced.map(({ result }) => result));
  return paced.map(({ dueAt }, index) => (seenAt[index] ?? Number.NaN) - dueAt);
}
