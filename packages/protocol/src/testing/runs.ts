/** How the property and fuzz tests of this package run: short and the same each time, unless the environment says otherwise. */

const DEFAULT_RUNS = 500;
const DEFAULT_SEED = 20_260_201;

/** Cases per property: `HANSA_PROPERTY_RUNS`, else 500. */
export const propertyRuns = wholeNumber('HANSA_PROPERTY_RUNS') ?? DEFAULT_RUNS;

/** Start of every generator: `HANSA_SEED`, else fixed. fast-check prints it with a counterexample. */
export const seed = wholeNumber('HANSA_SEED') ?? DEFAULT_SEED;

/** Inputs per fuzz test: `HANSA_PROPERTY_RUNS` where it asks for more than 2,000. */
export const fuzzRuns = Math.max(2_000, wholeNumber('HANSA_PROPERTY_RUNS') ?? 0);

export interface PropertyParameters {
  readonly numRuns: number;
  readonly seed: number;
  readonly interruptAfterTimeLimit?: number;
  readonly markInterruptAsFailure: false;
}

/**
 * What every `fc.assert` of this package takes as its parameters. `HANSA_PROPERTY_SECONDS` ends each
 * property after so long, with whatever number of cases it reached.
 */
export function propertyParameters(numRuns: number = propertyRuns): PropertyParameters {
  const seconds = wholeNumber('HANSA_PROPERTY_SECONDS');
  return {
    numRuns,
    seed,
    markInterruptAsFailure: false,
    ...(seconds === undefined ? {} : { interruptAfterTimeLimit: seconds * 1_000 }),
  };
}

function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}
