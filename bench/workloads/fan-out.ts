import { closedLoop } from '../closed-loop.ts';
import { contestOf } from '../contest-of.ts';
import { hansaFanOut, type FanOutRoom } from '../fan-out-room.ts';
import { floorFanOut } from '../floor-fan-out.ts';
import { liveLatency } from '../live-latency.ts';
import { cpuMicrosOf } from '../process-tree.ts';
import type { Candidate, Row } from '../row.ts';

const LIVE = 30;
/** In the four ways in which servers die. */
const DEAD = { refusing: 8, silent: 9, failing: 3 };
const BURST = 500;
const SENDERS = 64;
const SINGLES = 40;

/** W5: one event to 50 servers, of which 20 are dead. */
export const fanOutRows: readonly Row[] = [
  {
    id: 'W5/burst',
    title: `${BURST} events at once to ${LIVE} live servers of 50`,
    operation: 'event',
    durability: 'power loss',
    goal: { says: 'at least 50 % of the floor', factor: 2 },
    pairs: 5,
    warmUps: 3,
    prepare: () => contest({ senders: SENDERS, times: BURST }),
  },
  {
    id: 'W5/single',
    title: `one event at a time to ${LIVE} live servers of 50`,
    operation: 'event',
    durability: 'power loss',
    goal: { says: 'at least 50 % of the floor', factor: 2 },
    pairs: 5,
    warmUps: 3,
    prepare: () => contest({ senders: 1, times: SINGLES }),
  },
  liveLatency({
    id: 'W5/p99',
    title: `p99 to a live server, with 20 dead of 50 against none dead`,
    goal: { says: 'within 1.2× of that without dead ones', factor: 1.2 },
    destinations: { live: LIVE, ...DEAD },
  }),
];

function contest(load: { readonly senders: number; readonly times: number }) {
  return contestOf(async (running) => ({
    ours: fanningOut(await hansaFanOut(running, { live: LIVE, ...DEAD }), load),
    reference: fanningOut(await floorFanOut(running, LIVE), load),
  }));
}

/** A single sender goes on when its event has arrived everywhere, so that each is a transaction of its own. */
function fanningOut(
  room: FanOutRoom,
  load: { readonly senders: number; readonly times: number },
): Candidate {
  const { name, process, live, arrivals } = room;
  let blocks = 0;
  return {
    name,
    block: async () => {
      blocks += 1;
      const before = cpuMicrosOf(process.pid);
      const eventIds = await closedLoop(load, async (index) => {
        const eventId = await room.send(`${blocks}-${index}`);
        if (load.senders === 1) await arrivals.at(live, [eventId]);
        return eventId;
      });
      await arrivals.at(live, eventIds);
      return { cost: cpuMicrosOf(process.pid) - before, operations: load.times };
    },
  };
}
