import { existsSync } from 'node:fs';
import { contestOf } from './contest-of.ts';
import type { Candidate, Row } from './row.ts';

/** By this variable `npm run bench` says where the Python is that has Synapse. */
const PYTHON = process.env['HANSA_SYNAPSE_PYTHON'];

export const SYNAPSE_IS_ABSENT = 'no Synapse (HANSA_SYNAPSE_PYTHON names no Python that has it)';

/** Measured where `--against synapse` asks for it: it takes long. `start` gets the Python that has Synapse. */
export function againstSynapse(
  row: Omit<Row, 'prepare'>,
  start: (
    running: AsyncDisposableStack,
    python: string,
  ) => Promise<{ readonly ours: Candidate; readonly reference: Candidate }>,
): Row {
  return {
    ...row,
    prepare: (against) => {
      if (!against.has('synapse')) {
        return { notMeasured: 'only with --against synapse', notAsked: true };
      }
      if (PYTHON === undefined || !existsSync(PYTHON)) return { notMeasured: SYNAPSE_IS_ABSENT };
      return contestOf((running) => start(running, PYTHON));
    },
  };
}
