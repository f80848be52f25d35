import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runQuietly } from '../process/run-quietly.ts';
import { runVitest } from '../test/run-vitest.ts';
import type { Tally } from '../test/tally.ts';
import { readReports, type PropertyReport } from './property-report.ts';

export interface PropertyRun {
  readonly file: string;
  /** Only this one of the file's. */
  readonly name?: string;
  /** Cases of each property, instead of all that it is to try. */
  readonly cases?: number;
  /** After which each property ends. */
  readonly seconds: number;
  readonly seed: number;
  readonly env: Readonly<Record<string, string>>;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

export interface PropertyRunResult {
  readonly reports: readonly PropertyReport[];
  readonly tally: Tally;
}

/** Runs a test file in which properties stand. Undefined where it was ended from outside. */
export async function runProperties(run: PropertyRun): Promise<PropertyRunResult | undefined> {
  const { file, name, cases, seconds, seed, env, signal } = run;
  const folder = mkdtempSync(join(tmpdir(), 'hansa-long-'));
  try {
    const reports = join(folder, 'properties.jsonl');
    writeFileSync(reports, '');
    const only = name === undefined ? [] : ['--testNamePattern', patternOf(name)];
    const tally = await runVitest(
      ['--testTimeout=0', '--maxWorkers=1', ...only, file],
      {
        ...env,
        HANSA_LONG_RUN: 'true',
        HANSA_PROPERTY_REPORT: reports,
        HANSA_PROPERTY_RUNS: cases === undefined ? '' : String(cases),
        HANSA_PROPERTY_SECONDS: String(seconds),
        HANSA_SEED: String(seed),
      },
      { run: (args, settings) => runQuietly(args, settings, signal) },
    );
    if (signal.aborted) return undefined;
    return { reports: readReports(readFileSync(reports, 'utf8')), tally };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing but the test of this name. */
function patternOf(name: string): string {
  return `^${name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}$`;
}
