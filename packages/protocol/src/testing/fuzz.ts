import { afterEach, beforeEach, expect } from 'vitest';
import { fuzzRuns, propertyParameters, type PropertyParameters } from './runs.ts';

/**
 * Parameters of a fuzz test. Whoever takes them is watched: no test of such a file may change a prototype, whatever
 * keys a stranger's values have.
 */
export function fuzzParameters(): PropertyParameters {
  return propertyParameters(fuzzRuns);
}

const WATCHED = [Object, Function, Array, String, Number, Boolean, BigInt, Map, Set, Uint8Array];

/** Own properties of the prototypes that all values share, and what they are. */
function prototypes(): readonly unknown[] {
  return WATCHED.map(({ prototype }) =>
    Object.entries(Object.getOwnPropertyDescriptors(prototype)),
  );
}

let before: readonly unknown[];

beforeEach(() => {
  before = prototypes();
});

afterEach(() => {
  expect(prototypes()).toEqual(before);
});
