import { sortedKeys } from './code-point-order.ts';
import { isArray, isObject, NumberLiteral } from './value.ts';
import type { JsonObject, JsonValue } from './value.ts';

const SURROGATE = /[\ud800-\udfff]/;

/**
 * Whether `JSON.stringify` would write the value canonically, lone surrogates aside: all keys are in order, all numbers plain
 * integers, and nothing stands deeper than `maxDepth`. Keys with surrogates count as out of order, since UTF-16 sorts them wrongly.
 */
export function isInCanonicalOrder(value: JsonValue, maxDepth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || maxDepth <= 0) return false;
  if (isArray(value)) return value.every((item) => isInCanonicalOrder(item, maxDepth - 1));
  return !(value instanceof NumberLiteral) && isObjectInOrder(value, maxDepth);
}

function isObjectInOrder(object: JsonObject, maxDepth: number): boolean {
  let previous = '';
  for (const key of Object.keys(object)) {
    if (key < previous || SURROGATE.test(key)) return false;
    if (!isInCanonicalOrder(object[key] as JsonValue, maxDepth - 1)) return false;
    previous = key;
  }
  return true;
}

/** The same object with its keys in order at every depth: what is written more than once is then written fast. */
export function inCanonicalOrder(object: JsonObject): JsonObject {
  return Object.fromEntries(
    sortedKeys(object).map((key) => [key, ordered(object[key] as JsonValue)]),
  );
}

function ordered(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(ordered);
  return isObject(value) ? inCanonicalOrder(value) : value;
}
