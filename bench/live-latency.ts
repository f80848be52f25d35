import { contestOf } from './contest-of.ts';
import { hansaFanOut, type Destinations, type FanOutRoom } from './fan-out-room.ts';
import { openLoop } from './open-loop.ts';
import { quantile } from './quantile.ts';
import type { Candidate, Goal, Row } from './row.ts';

/** What an organisation says on a busy day. */
const PER_SECOND = 5;
const EVENTS = 100;

/** The p99 of send to visible at a live server, with dead ones in the room, against a room that has none. */
export function liveLatency({
  destinations,
  ...about
}: {
  readonly id: string;
  readonly title: string;
  readonly goal: Goal;
  readonly destinations: Destinations;
}): Row {
  return {
    ...about,
    operation: 'event',
    unit: 'ms',
    durability: 'power loss',
    pairs: 5,
    prepare: () =>
      contestOf(async (running) => ({
        ours: latency('with dead ones', await hansaFanOut(running, destinations)),
        reference: latency('without', await hansaFanOut(running, { live: destinations.live })),
      })),
  };
}

function latency(name: string, room: FanOutRoom): Candidate {
  const { live, arrivals } = room;
  let blocks = 0;
  return {
    name,
    block: async () => {
      blocks += 1;
      const paced = await openLoop({ times: EVENTS, perSecond: PER_SECOND }, (index) =>
        room.send(`${blocks}-${index}`),
      );
      const eventIds = paced.map(({ result }) => result);
      const arrivedAt = await arrivals.at(live, eventIds);
      const latencies = arrivedAt.flatMap((times) =>
        times.map((time, index) => time - (paced[index]?.dueAt ?? Number.NaN)),
      );
      return { cost: quantile(latencies, 0.99), operations: 1 };
    },
  };
}
