import { isArray, NumberLiteral } from '@hansa/protocol';
import type { JsonValue } from '@hansa/protocol';

const CONTAINER_BYTES = 64;
const VALUE_BYTES = 16;

/**
 * About how many bytes of memory a value takes. Not what its text has: a peer gets twenty times that out of `[{},{},…]`.
 * Its depth is bounded by the parser.
 */
export function weightOf(value: JsonValue): number {
  if (typeof value === 'string') return VALUE_BYTES + value.length;
  if (value instanceof NumberLiteral) return CONTAINER_BYTES + value.source.length;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  let weight = CONTAINER_BYTES;
  if (isArray(value)) {
    for (const item of value) weight += weightOf(item);
    return weight;
  }
  for (const key of Object.keys(value)) weight += VALUE_BYTES + key.length;
  for (const item of Object.values(value)) weight += weightOf(item);
  return weight;
}
