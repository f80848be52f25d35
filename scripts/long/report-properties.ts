import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { PropertyReport } from './property-report.ts';

// Loaded by vitest before each test file of the long run: writes down, a line of JSON for each `fc.assert`, how far it came.
const file = process.env['HANSA_PROPERTY_REPORT'];
if (file === undefined) throw new Error('HANSA_PROPERTY_REPORT names no file');

fc.configureGlobal({
  reporter(details) {
    // Whose time ends during the first case has shown nothing yet; fast-check calls that a failure.
    const failed = details.failed && !(details.interrupted && details.counterexample === null);
    const report: PropertyReport = {
      name: expect.getState().currentTestName ?? 'a property outside of a test',
      cases: details.numRuns,
      goal: details.runConfiguration.numRuns ?? details.numRuns,
      failed,
    };
    appendFileSync(file, `${JSON.stringify(report)}\n`);
    // A reporter of one's own takes the place of the one that throws.
    if (failed) {
      throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    }
  },
});
