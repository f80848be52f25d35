import { runChunks, type Chunks } from './run-chunks.ts';
import { runProperties } from './run-properties.ts';
import type { Tally } from '../test/tally.ts';
import type { Budget } from './budget.ts';

/** One kind of search for faults that takes whatever time it is given. */
export interface Part {
  readonly name: string;
  /** Its share of the minutes, against the other parts'. */
  readonly weight: number;
  /**
   * Works through seeds, from the given one on, until its minutes are over, and prints how far it came.
   * What the end of its time cuts off has neither failed nor been skipped.
   */
  readonly run: (budget: Budget) => Promise<Tally>;
}

function chunked(name: string, weight: number, chunks: Chunks): Part {
  return { name, weight, run: (budget) => runChunks(chunks, budget) };
}

export const parts: readonly Part[] = [
  {
    name: 'properties and fuzzers',
    weight: 3,
    run: runProperties,
  },
  chunked('differences to Synapse', 2, {
    file: 'interop/differential/differential.test.ts',
    variable: 'HANSA_DIFFERENTIAL_ROOMS',
    unit: 'random rooms of each version',
    chunk: 100,
    goal: 5_000,
  }),
];
