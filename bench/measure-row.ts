import type { Block, Candidate, Contest, Row } from './row.ts';
import { estimateMedian } from './statistics.ts';
import type { Estimate } from './statistics.ts';

/** What was found of a row. */
export interface RowResult {
  readonly id: string;
  readonly title: string;
  readonly operation: string;
  /** What the goal says; `null` where there is none. */
  readonly goal: string | null;
  /** Why there are no figures; `null` where there are some. */
  readonly notMeasured: string | null;
  readonly ours: CandidateResult | null;
  readonly reference: CandidateResult | null;
  /** `factor` × reference ÷ ours over the pairs; more is better. */
  readonly ratio: Estimate | null;
  /** Whether the goal is met; `null` where there is none, or no figure. */
  readonly met: boolean | null;
}

export interface CandidateResult {
  readonly name: string;
  readonly cpuMicrosPerOperation: Estimate;
  /** On one core that does nothing else. */
  readonly operationsPerSecond: number;
}

const DEFAULT_PAIRS = 15;

/**
 * Measures a row: one block each to warm up, then pairs of blocks in the order ours, other, other, ours, so that a machine that
 * grows slower or faster favours nobody. Every pair gives one ratio.
 */
export async function measureRow(row: Row, seed: number): Promise<RowResult> {
  const contest = await row.prepare();
  if ('notMeasured' in contest) return resultOf(row, { notMeasured: contest.notMeasured });
  try {
    return await measureContest(row, contest, seed);
  } finally {
    await contest.close?.();
  }
}

async function measureContest(row: Row, contest: Contest, seed: number): Promise<RowResult> {
  const { ours, reference } = contest;
  await ours.block();
  await reference?.block();
  const ourCosts: number[] = [];
  const referenceCosts: number[] = [];
  for (let pair = 0; pair < (row.pairs ?? DEFAULT_PAIRS); pair += 1) {
    const oursFirst = pair % 2 === 0;
    if (oursFirst) ourCosts.push(costOf(await ours.block()));
    if (reference !== undefined) referenceCosts.push(costOf(await reference.block()));
    if (!oursFirst) ourCosts.push(costOf(await ours.block()));
  }
  const measured = { ours: candidateResult(ours, ourCosts, seed) };
  if (reference === undefined) return resultOf(row, measured);
  const factor = row.goal?.factor ?? 1;
  const ratios = referenceCosts.map(
    (cost, pair) => (factor * cost) / (ourCosts[pair] ?? Number.NaN),
  );
  const ratio = estimateMedian(ratios, seed);
  return resultOf(row, {
    ...measured,
    reference: candidateResult(reference, referenceCosts, seed),
    ratio,
    met: row.goal === undefined ? null : ratio.low >= 1,
  });
}

function resultOf(row: Row, found: Partial<RowResult>): RowResult {
  return {
    id: row.id,
    title: row.title,
    operation: row.operation,
    goal: row.goal?.says ?? null,
    notMeasured: null,
    ours: null,
    reference: null,
    ratio: null,
    met: null,
    ...found,
  };
}

function candidateResult(
  { name }: Candidate,
  costs: readonly number[],
  seed: number,
): CandidateResult {
  const cpuMicrosPerOperation = estimateMedian(costs, seed);
  return {
    name,
    cpuMicrosPerOperation,
    operationsPerSecond: 1e6 / cpuMicrosPerOperation.median,
  };
}

function costOf({ cpuMicros, operations }: Block): number {
  return cpuMicros / operations;
}
