import { VoidBlockError } from './row.ts';
import type {
  Block,
  Candidate,
  Contest,
  Durability,
  Figure,
  NotMeasured,
  Peer,
  Row,
  Unit,
} from './row.ts';
import { estimateMedian } from './statistics.ts';
import type { Estimate } from './statistics.ts';

/** What was found of a figure. */
export interface RowResult {
  readonly id: string;
  readonly title: string;
  readonly operation: string;
  readonly unit: Unit;
  readonly durability: Durability | null;
  /** What the goal says; `null` where there is none. */
  readonly goal: string | null;
  /** Why there are no figures; `null` where there are some. */
  readonly notMeasured: string | null;
  /** Whether it was to be measured in this run. */
  readonly asked: boolean;
  readonly ours: CandidateResult | null;
  readonly reference: CandidateResult | null;
  /** `factor` × reference ÷ ours over the pairs; more is better. */
  readonly ratio: Estimate | null;
  /** Whether the goal is met; `null` where there is none, or no figure. */
  readonly met: boolean | null;
}

export interface CandidateResult {
  readonly name: string;
  /** In the row's unit. */
  readonly costPerOperation: Estimate;
  /** Of CPU time: on one core that does nothing else. `null` of other costs. */
  readonly operationsPerSecond: number | null;
}

const DEFAULT_PAIRS = 15;

/**
 * Measures a row: blocks to warm up, then pairs of blocks in the order ours, other, other, ours, so that a machine that
 * grows slower or faster favours nobody. Every pair gives one ratio. Answers a result for each figure of the row.
 */
export async function measureRow(
  row: Row,
  seed: number,
  against: ReadonlySet<Peer> = new Set(),
): Promise<readonly RowResult[]> {
  const contest = await row.prepare(against);
  if ('notMeasured' in contest) return resultsWithout(row, contest);
  try {
    return await measureContest(row, contest, seed);
  } catch (error) {
    if (!(error instanceof VoidBlockError)) throw error;
    return resultsWithout(row, { notMeasured: `void: ${error.message}` });
  } finally {
    await contest.close?.();
  }
}

async function measureContest(
  row: Row,
  { ours, reference }: Contest,
  seed: number,
): Promise<readonly RowResult[]> {
  for (let block = 0; block < (row.warmUps ?? 1); block += 1) {
    await ours.block();
    await reference?.block();
  }
  const ourBlocks: Block[] = [];
  const referenceBlocks: Block[] = [];
  for (let pair = 0; pair < (row.pairs ?? DEFAULT_PAIRS); pair += 1) {
    const oursFirst = pair % 2 === 0;
    if (oursFirst) ourBlocks.push(await ours.block());
    if (reference !== undefined) referenceBlocks.push(await reference.block());
    if (!oursFirst) ourBlocks.push(await ours.block());
  }
  return figuresOf(row).map((figure, index) => {
    const costsIn = (blocks: readonly Block[]) => blocks.map((block) => costOf(block, index));
    const candidate = ({ name }: Candidate, costs: readonly number[]) =>
      candidateResult(name, unitOf(figure), estimateMedian(costs, seed));
    const ourCosts = costsIn(ourBlocks);
    const measured = { ours: candidate(ours, ourCosts) };
    if (reference === undefined) return resultOf(row, figure, measured);
    const factor = figure.goal?.factor ?? 1;
    const referenceCosts = costsIn(referenceBlocks);
    const ratios = referenceCosts.map(
      (cost, pair) => (factor * cost) / (ourCosts[pair] ?? Number.NaN),
    );
    const ratio = estimateMedian(ratios, seed);
    return resultOf(row, figure, {
      ...measured,
      reference: candidate(reference, referenceCosts),
      ratio,
      met: figure.goal === undefined ? null : ratio.low >= 1,
    });
  });
}

/** In the order in which a block tells them. */
export function figuresOf(row: Row): readonly Figure[] {
  return [row, ...(row.further ?? [])];
}

function resultsWithout(row: Row, { notMeasured, notAsked }: NotMeasured): readonly RowResult[] {
  const found = { notMeasured, asked: notAsked !== true };
  return figuresOf(row).map((figure) => resultOf(row, figure, found));
}

function resultOf(row: Row, figure: Figure, found: Partial<RowResult>): RowResult {
  return {
    id: figure.id,
    title: figure.title,
    operation: figure.operation,
    unit: unitOf(figure),
    durability: row.durability ?? null,
    goal: figure.goal?.says ?? null,
    notMeasured: null,
    asked: true,
    ours: null,
    reference: null,
    ratio: null,
    met: null,
    ...found,
  };
}

function unitOf({ unit = 'µs' }: Figure): Unit {
  return unit;
}

function candidateResult(name: string, unit: Unit, costPerOperation: Estimate): CandidateResult {
  const operationsPerSecond = unit === 'µs' ? 1e6 / costPerOperation.median : null;
  return { name, costPerOperation, operationsPerSecond };
}

/** Of one operation, in the figure of this index. */
function costOf({ cost, operations, further = [] }: Block, index: number): number {
  return index === 0 ? cost / operations : (further[index - 1] ?? Number.NaN);
}
