import { Buffer } from 'node:buffer';
import { canonicalNumber } from '../json/canonical-number.ts';
import { isArray, NumberLiteral } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { EVENT_MAX_DEPTH } from './size-limits.ts';

const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * Bytes that the object takes as canonical JSON, found without writing it; NaN when it cannot be written: a lone
 * surrogate, a number that no double holds, nesting past `EVENT_MAX_DEPTH`.
 */
export function canonicalSizeBytes(object: JsonObject): number {
  return sizeOf(object, 0);
}

function sizeOf(value: JsonValue, depth: number): number {
  if (typeof value === 'string') return sizeOfString(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value).length : NaN;
  if (value === null) return 4;
  if (typeof value === 'boolean') return value ? 4 : 5;
  if (value instanceof NumberLiteral) return sizeOfLiteral(value);
  if (depth >= EVENT_MAX_DEPTH) return NaN;
  return isArray(value) ? sizeOfArray(value, depth) : sizeOfObject(value, depth);
}

function sizeOfArray(items: readonly JsonValue[], depth: number): number {
  let size = 1 + Math.max(1, items.length);
  for (const item of items) size += sizeOf(item, depth + 1);
  return size;
}

function sizeOfObject(object: JsonObject, depth: number): number {
  const entries = Object.entries(object);
  let size = 1 + Math.max(1, entries.length);
  for (const [key, item] of entries) size += sizeOfString(key) + 1 + sizeOf(item, depth + 1);
  return size;
}

function sizeOfString(text: string): number {
  if (!NEEDS_CARE.test(text)) return Buffer.byteLength(text) + 2;
  return text.isWellFormed() ? Buffer.byteLength(JSON.stringify(text)) : NaN;
}

function sizeOfLiteral(literal: NumberLiteral): number {
  return canonicalNumber(literal.source)?.length ?? NaN;
}
