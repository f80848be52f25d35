/**
 * How the property and fuzz tests run: short and the same each time, unless the environment says otherwise.
 * With `HANSA_LONG_RUN=true` they try what the long run is to reach.
 */

const DEFAULT_SEED = 20_260_201;
const isLongRun = process.env['HANSA_LONG_RUN'] === 'true';

/** Cases for each property: 500, in the long run 10,000. */
export const propertyRuns = isLongRun ? 10_000 : 500;

/** Inputs for each fuzz test of a parser: 2,000, in the long run 100,000. */
export const fuzzRuns = isLongRun ? 100_000 : 2_000;

/** Random event graphs for each property of state resolution: 500, in the long run 100,000. */
export const graphRuns = isLongRun ? 100_000 : 500;

/** Random rooms of a version that Synapse judges too: 200, in the long run 5,000. */
export const roomRuns = isLongRun ? 5_000 : 200;

/** Seeds of the simulator, each a set of whole servers that are made to fail: 120, in the long run 10,000. */
export const simulationRuns = isLongRun ? 10_000 : 120;

/** Start of every generator: `HANSA_SEED`, else fixed. fast-check prints it with a counterexample. */
export const seed = wholeNumber('HANSA_SEED') ?? DEFAULT_SEED;

export interface PropertyParameters {
  readonly numRuns: number;
  readonly seed: number;
  readonly interruptAfterTimeLimit?: number;
  readonly markInterruptAsFailure: false;
}

/**
 * What every `fc.assert` takes as its parameters. `HANSA_PROPERTY_RUNS` takes the place of any number of cases;
 * `HANSA_PROPERTY_SECONDS` ends each property after so long, with whatever number it reached.
 */
export function propertyParameters(numRuns: number = propertyRuns): PropertyParameters {
  const seconds = wholeNumber('HANSA_PROPERTY_SECONDS');
  return {
    numRuns: wholeNumber('HANSA_PROPERTY_RUNS') ?? numRuns,
    seed,
    markInterruptAsFailure: false,
    ...(seconds === undefined ? {} : { interruptAfterTimeLimit: seconds * 1_000 }),
  };
}

/** What the `fc.assert` of a fuzz test of a parser takes as its parameters. */
export function fuzzParameters(): PropertyParameters {
  return propertyParameters(fuzzRuns);
}

/** As many cases as a property of whole servers, a case a second or so, has time for in `npm test`; in the long run 1,000. */
export function slowRuns(inTest: number): number {
  return isLongRun ? 1_000 : inTest;
}

/** How often a running process is killed, some seconds each time: as a test has time for; in the long run 500. */
export function killRuns(inTest: number): number {
  return isLongRun ? 500 : inTest;
}

function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}
