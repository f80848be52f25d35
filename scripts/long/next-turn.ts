import { isDone, type Progress } from './progress.ts';

/** So many run at once, as in vitest.config.ts. */
export const LANES = 2;
/** What vitest takes to start and end, about; no part of a property's own time. */
const OVERHEAD_S = 2;
/** Less is not worth starting vitest for. */
const SHORTEST_S = 1;
/** After so long a property says how far it is, and the next has its turn. */
const LONGEST_S = 300;

export interface Turn {
  readonly of: Progress;
  readonly seconds: number;
}

/**
 * Whose turn it is, and for how long: those that have had the fewest turns, and among them whose goal is
 * nearest. The time that is left is shared alike among all that have a way to go, so that what the near ones
 * leave over is the far ones'. Undefined where nobody has, or too little time is left.
 *
 * @param waiting no property that runs now
 * @param running how many do
 */
export function nextTurn(
  waiting: readonly Progress[],
  running: number,
  leftS: number,
): Turn | undefined {
  const pending = waiting.filter((each) => !isDone(each));
  const [of] = pending.toSorted((a, b) => a.turns - b.turns || needS(a) - needS(b));
  if (of === undefined || leftS < OVERHEAD_S + SHORTEST_S) return undefined;
  const shareS = (leftS * LANES) / (pending.length + running) - OVERHEAD_S;
  const seconds = Math.min(shareS, leftS - OVERHEAD_S, LONGEST_S);
  return { of, seconds: Math.max(SHORTEST_S, Math.floor(seconds)) };
}

/** Seconds to the goal; more than any where nothing is known. */
function needS({ cases, goal, rate }: Progress): number {
  return rate > 0 ? (goal - cases) / rate : Number.MAX_VALUE;
}
