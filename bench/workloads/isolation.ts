import { liveLatency } from '../live-latency.ts';
import type { Row } from '../row.ts';
import { hostileRoom } from './hostile-room.ts';

/** One bad thing stops one thing. */
export const isolationRows: readonly Row[] = [
  liveLatency({
    id: 'isolation/dead-destinations',
    title: 'p99 to a live server, with 100 dead of 110 against none dead',
    goal: { says: 'within 1.25× of that without dead ones', factor: 1.25 },
    destinations: { live: 10, refusing: 40, silent: 40, failing: 20 },
  }),
  hostileRoom,
];
