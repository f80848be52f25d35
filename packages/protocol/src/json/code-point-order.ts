import type { JsonObject } from './value.ts';

const SURROGATE = /[\ud800-\udfff]/;

/**
 * Keys as canonical JSON orders them. JavaScript compares UTF-16 code units, which puts U+10000 and above (written with
 * surrogates, U+D800 on) before U+E000 to U+FFFF; only keys with surrogates need the slower comparison.
 */
export function sortedKeys(object: JsonObject): string[] {
  const keys = Object.keys(object);
  if (keys.some(hasSurrogate)) return keys.sort(compareCodePoints);
  return isAscending(keys) ? keys : keys.sort();
}

/** Negative, zero or positive as `a` stands before, at or after `b` by code point. */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Moves surrogates behind the code units that no surrogate pair is below. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function hasSurrogate(key: string): boolean {
  return SURROGATE.test(key);
}

/** Most peers send keys in order: looking costs less than sorting. */
function isAscending(keys: readonly string[]): boolean {
  let previous = '';
  for (const key of keys) {
    if (key < previous) return false;
    previous = key;
  }
  return true;
}
