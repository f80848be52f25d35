import { NumberLiteral } from '../json/value.ts';
import type { JsonValue } from '../json/value.ts';

const INTEGER = /^-?[0-9]{1,19}$/;

/**
 * An integer within bounds, compared exactly; `undefined` for anything else, `1.0` and `1e3` among it. Beyond ±(2^53 − 1)
 * the answer is the nearest double.
 */
export function readInteger(
  value: JsonValue | undefined,
  min: bigint,
  max: bigint,
): number | undefined {
  const integer = integerOf(value);
  const isWithin = integer !== undefined && integer >= min && integer <= max;
  return isWithin ? Number(integer) : undefined;
}

function integerOf(value: JsonValue | undefined): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (value instanceof NumberLiteral && INTEGER.test(value.source)) return BigInt(value.source);
  return undefined;
}
