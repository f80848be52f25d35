import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../process/root.ts';
import { runHere } from '../process/run-here.ts';
import { isEmpty, type Tally } from './tally.ts';

const VITEST = join(root, 'node_modules/vitest/vitest.mjs');
const REPORTER = join(root, 'scripts/test/count-reporter.ts');

interface Ways {
  /** On this process's streams unless told. */
  readonly run?: typeof runHere;
  /** Whether a run that found no test counts nothing, and not as a failure. */
  readonly mayBeEmpty?: boolean;
}

/** Runs vitest. A run that left no count behind has failed. */
export async function runVitest(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { run = runHere, mayBeEmpty = false }: Ways = {},
): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'hansa-test-'));
  const counts = join(folder, 'counts.json');
  try {
    const reporters = ['--reporter=default', `--reporter=${REPORTER}`];
    const code = await run([VITEST, 'run', ...reporters, ...args], {
      ...env,
      HANSA_TEST_COUNTS: counts,
    });
    const tally = readTally(counts);
    if (mayBeEmpty && isEmpty(tally)) return tally;
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readTally(file: string): Tally {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tally;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
