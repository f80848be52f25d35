export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const LINE = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

export function addTallies(tallies: readonly Tally[]): Tally {
  const sum = (of: keyof Tally): number => tallies.reduce((total, each) => total + each[of], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The closing line of every suite of this repository. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** Whether no test was there to run. */
export function isEmpty({ passed, failed, skipped }: Tally): boolean {
  return passed + failed + skipped === 0;
}

/** What a suite that ended with this output says of itself. Undefined where its last line is no closing line. */
function findTally(output: string): Tally | undefined {
  const [, passed, failed, skipped] = LINE.exec(output.trimEnd().split('\n').at(-1) ?? '') ?? [];
  if (passed === undefined) return undefined;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) };
}

/** What a suite counts for, its exit code seen too: one that fails without a failed test has failed all the same. */
export function judgeSuite(output: string, exitCode: number): Tally {
  const tally = findTally(output);
  if (tally === undefined) return { passed: 0, failed: 1, skipped: 0 };
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}
