import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../process/root.ts';
import { runQuietly } from '../process/run-quietly.ts';
import { listSourceFiles } from '../process/source-files.ts';
import { runVitest } from '../test/run-vitest.ts';
import type { Tally } from '../test/tally.ts';
import { addRound, formatProgress, type Progress } from './property-report.ts';
import type { Budget } from './budget.ts';

/** As in vitest.config.ts: so many properties run at once. */
const WORKERS = 2;
/** More than any property of the house is to be tried with; the time ends it. */
const CASES = 100_000;
/** The first round only counts the properties. */
const FIRST_ROUND = { cases: 10, seconds: 1 };

/**
 * Every test file that speaks of fast-check, round after round, each with a seed of its own. The properties of a
 * round share half of the time that is left, so that files of unequal length end near the end of the minutes.
 */
export async function runProperties({ minutes, seed, env }: Budget): Promise<Tally> {
  const files = await listPropertyFiles();
  const endsAt = performance.now() + minutes * 60_000;
  let progress: ReadonlyMap<string, Progress> = new Map();
  let broken = 0;
  let round = 0;
  do {
    const halfS = (endsAt - performance.now()) / 2000;
    const { cases, seconds } =
      round === 0
        ? FIRST_ROUND
        : { cases: CASES, seconds: Math.max(1, Math.floor((halfS * WORKERS) / progress.size)) };
    const { reports, failed } = await runRound(files, {
      ...env,
      HANSA_PROPERTY_RUNS: String(cases),
      HANSA_PROPERTY_SECONDS: String(seconds),
      HANSA_SEED: String(seed + round),
    });
    progress = addRound(progress, reports);
    broken = failed;
    console.log(`seed ${seed + round}: ${progress.size} properties, ${seconds} s each`);
    round += 1;
    // Less than a second for each property is no round any more.
  } while (broken === 0 && performance.now() + (progress.size / WORKERS) * 1000 < endsAt);

  for (const each of progress.values()) console.log(formatProgress(each));
  // A test that failed beside the properties counts as well.
  const failedProperties = [...progress.values()].filter((each) => each.failed).length;
  return {
    passed: progress.size - failedProperties,
    failed: Math.max(failedProperties, broken),
    skipped: 0,
  };
}

async function listPropertyFiles(): Promise<string[]> {
  const tests = (await listSourceFiles(root)).filter((path) => path.endsWith('.test.ts'));
  return tests.filter((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return text.includes('fast-check') || /\bpropertyParameters\b|\bfuzzRuns\b/.test(text);
  });
}

/** Answers what the properties reported, and how many tests failed. */
async function runRound(
  files: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ reports: string; failed: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'hansa-long-'));
  try {
    const file = join(folder, 'properties.jsonl');
    writeFileSync(file, '');
    const { failed } = await runVitest(
      ['--testTimeout=0', ...files],
      { ...env, HANSA_PROPERTY_REPORT: file },
      runQuietly,
    );
    return { reports: readFileSync(file, 'utf8'), failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
