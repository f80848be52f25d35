import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { Tally } from './tally.ts';

/** Writes the totals of a vitest run, as JSON, to the file that `HANSA_TEST_COUNTS` names. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env['HANSA_TEST_COUNTS'];
    if (file === undefined) throw new Error('HANSA_TEST_COUNTS names no file');
    writeFileSync(file, JSON.stringify(count(modules, unhandled.length)));
  }
}

function count(modules: readonly TestModule[], unhandled: number): Tally {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const ended = (state: string): number =>
    tests.filter((test) => test.result().state === state).length;
  // A file that cannot be loaded, or a hook that throws, has no failed test to show for it.
  const broken = modules.filter(
    (module) => module.state() === 'failed' && module.children.allTests('failed').next().done,
  );
  return {
    passed: ended('passed'),
    failed: ended('failed') + broken.length + unhandled,
    skipped: ended('skipped') + ended('pending'),
  };
}
