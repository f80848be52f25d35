import { formatPath } from './path.ts';
import { isArray, NumberLiteral } from './value.ts';
import type { JsonValue } from './value.ts';

/**
 * Path of the first number that strict canonical JSON has no place for (rule `CJ-9`: fractions, exponents, `-0`, integers
 * past 2^53 − 1); `undefined` when there is none. Events of room version 6 on must have none.
 */
export function findNonCanonical(value: JsonValue): string | undefined {
  const path: (string | number)[] = [];
  return holdsLiteral(value, path) ? formatPath(path) : undefined;
}

/** Whether every number is one that strict canonical JSON can write. */
export function isStrictCanonical(value: JsonValue): boolean {
  return !holdsLiteral(value, []);
}

/** Leaves in `path` where the literal stands. */
function holdsLiteral(value: JsonValue, path: (string | number)[]): boolean {
  if (value instanceof NumberLiteral) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      path.push(index);
      if (holdsLiteral(value[index] as JsonValue, path)) return true;
      path.pop();
    }
    return false;
  }
  for (const [key, item] of Object.entries(value)) {
    path.push(key);
    if (holdsLiteral(item, path)) return true;
    path.pop();
  }
  return false;
}
