import { runQuietly } from '../process/run-quietly.ts';
import { runVitest } from '../test/run-vitest.ts';
import type { Tally } from '../test/tally.ts';
import type { Budget } from './budget.ts';

/** A test file that works through as many seeds as a variable says, from `HANSA_SEED` on. */
export interface Chunks {
  readonly file: string;
  readonly variable: string;
  /** What a seed makes: `random rooms of each version`. */
  readonly unit: string;
  readonly chunk: number;
  /** Where it ends, also when there are minutes left. */
  readonly goal: number;
}

/** Chunk by chunk: one that would end after the minutes is not begun, if it takes as long as the one before. */
export async function runChunks(chunks: Chunks, { minutes, seed, env }: Budget): Promise<Tally> {
  const { file, variable, unit, chunk, goal } = chunks;
  const endsAt = performance.now() + minutes * 60_000;
  let done = 0;
  let tally: Tally;
  let tookMs: number;
  do {
    const startedAt = performance.now();
    const settings = { ...env, [variable]: String(chunk), HANSA_SEED: String(seed + done) };
    tally = await runVitest(['--testTimeout=0', file], settings, runQuietly);
    tookMs = performance.now() - startedAt;
    // Without what it needs there is nothing to go on with.
    if (tally.passed === 0) return tally;
    if (tally.failed === 0) done += chunk;
  } while (tally.failed === 0 && done < goal && performance.now() + tookMs < endsAt);

  const number = (value: number): string => value.toLocaleString('en');
  console.log(`${unit}: ${number(done)} of ${number(goal)}, from seed ${seed} on`);
  return tally;
}
