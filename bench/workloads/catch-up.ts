import { againstSynapse } from '../against-synapse.ts';
import { closedLoop } from '../closed-loop.ts';
import { contestOf } from '../contest-of.ts';
import { floorPair } from '../pairs/floor-pair.ts';
import { hansaPair } from '../pairs/hansa-pair.ts';
import { synapsePair } from '../pairs/synapse-pair.ts';
import type { ServerPair } from '../pairs/server-pair.ts';
import type { Candidate, Row } from '../row.ts';

const SENDERS = 64;

/** W6: B is away, A accepts events and is started again, B comes back. From B's return until all are visible there. */
const rows: readonly Row[] = [
  { missed: 1_000, pairs: 5 },
  { missed: 10_000, pairs: 3 },
].map(({ missed, pairs }) => ({
  id: `W6/${missed}`,
  title: `${missed} events missed, the sender started again: back to all visible`,
  operation: 'outage',
  unit: 'ms',
  durability: 'power loss',
  goal: { says: 'at least 40 % of the floor', factor: 2.5 },
  pairs,
  prepare: () =>
    contestOf(async (running) => ({
      ours: catchingUp(await hansaPair(running), missed),
      reference: catchingUp(await floorPair(running), missed),
    })),
}));

export const catchUpRows: readonly Row[] = [
  ...rows,
  againstSynapse(
    {
      id: 'W6/1000-synapse',
      title: '1000 events missed, the sender started again: back to all visible',
      operation: 'outage',
      unit: 'ms',
      durability: 'power loss',
      goal: { says: 'at least 30× Synapse', factor: 1 / 30 },
      pairs: 3,
    },
    async (running, python) => ({
      ours: catchingUp(await hansaPair(running), 1_000),
      reference: catchingUp(await synapsePair(running, python), 1_000),
    }),
  ),
];

function catchingUp(pair: ServerPair, missed: number): Candidate {
  const [a, b] = pair.processes;
  let blocks = 0;
  return {
    name: pair.name,
    block: async () => {
      blocks += 1;
      await b.stop();
      const eventIds = await closedLoop({ senders: SENDERS, times: missed }, (index) =>
        pair.send(`${blocks}-${index}`),
      );
      await a.stop();
      await a.resume();
      await b.resume();
      const back = performance.now();
      const seenAt = await pair.atB.seen(eventIds);
      const cost = seenAt.reduce((last, at) => Math.max(last, at), 0) - back;
      await pair.check?.(eventIds);
      return { cost, operations: 1 };
    },
  };
}
