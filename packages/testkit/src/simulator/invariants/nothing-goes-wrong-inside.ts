import type { Invariant } from './simulated.ts';

/** Events that a hostile server named and nobody ever saw are forgotten after a day, which is reported. */
const FORGOTTEN = / is forgotten: what it needs did not come/;

/**
 * No server logs an error: others being away, or wrong, is none. With a hostile one among them, honest ones may have to give
 * up what it withholds.
 */
export const nothingGoesWrongInside: Invariant = ({ servers, hostile }) =>
  servers
    .flatMap(({ problems }) => problems)
    .filter((problem) => hostile === undefined || !FORGOTTEN.test(problem));
