import { Buffer } from 'node:buffer';
import { canonicalNumber } from './canonical-number.ts';
import { isInCanonicalOrder } from './canonical-order.ts';
import { sortedKeys } from './code-point-order.ts';
import { formatPath } from './path.ts';
import { isArray, NumberLiteral } from './value.ts';
import type { JsonObject, JsonValue } from './value.ts';

/** Containers within one another: more than the parser lets pass, with room for what we wrap around it. */
const MAX_DEPTH = 1_024;

/** What cannot stand between quotes as it is, or may not stand there at all. */
const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/;

/**
 * The one text that every server gives this value: no white space, keys by code point, shortest escapes
 * (rules `CJ-1` to `CJ-8`). Throws a `RangeError` that names the field for what no parsed value holds and so only we can
 * have built: a `number` that is no integer within ±(2^53 − 1), a lone surrogate, nesting past 1,024.
 * Source: appendices, "Canonical JSON".
 */
export function canonicalJson(value: JsonValue): string {
  if (isInCanonicalOrder(value, MAX_DEPTH)) {
    const text = JSON.stringify(value);
    // How it writes a surrogate that stands alone; a text that holds these letters itself loses only time.
    if (!text.includes('\\ud')) return text;
  }
  return write(value, []);
}

/** Canonical JSON in UTF-8: what is hashed and signed. */
export function canonicalJsonBytes(value: JsonValue): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8');
}

type OpenPath = (string | number)[];

function write(value: JsonValue, path: OpenPath): string {
  if (typeof value === 'string') return quote(value, path);
  if (typeof value === 'number') return writeNumber(value, path);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isArray(value)) return writeArray(value, path);
  if (value instanceof NumberLiteral) return writeLiteral(value, path);
  if (typeof value === 'object') return writeObject(value, path);
  return fail(`no JSON value but ${typeof value}`, path);
}

function writeArray(items: readonly JsonValue[], path: OpenPath): string {
  const last = enter(path);
  let text = '[';
  let index = 0;
  for (const item of items) {
    path[last] = index;
    if (index > 0) text += ',';
    text += write(item, path);
    index += 1;
  }
  path.length = last;
  return `${text}]`;
}

function writeObject(object: JsonObject, path: OpenPath): string {
  const last = enter(path);
  let text = '{';
  for (const key of sortedKeys(object)) {
    path[last] = key;
    if (text.length > 1) text += ',';
    text += `${quote(key, path)}:${write(object[key] as JsonValue, path)}`;
  }
  path.length = last;
  return `${text}}`;
}

function enter(path: OpenPath): number {
  return path.length < MAX_DEPTH ? path.length : fail(`nested deeper than ${MAX_DEPTH}`, path);
}

function quote(text: string, path: OpenPath): string {
  if (!NEEDS_CARE.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : fail('a surrogate stands alone', path);
}

function writeNumber(value: number, path: OpenPath): string {
  return Number.isSafeInteger(value)
    ? String(value)
    : fail(`${value} is no integer within ±(2^53 − 1)`, path);
}

function writeLiteral({ source }: NumberLiteral, path: OpenPath): string {
  return canonicalNumber(source) ?? fail(`${source.slice(0, 32)} is no finite number`, path);
}

function fail(problem: string, path: OpenPath): never {
  throw new RangeError(`canonical JSON: ${formatPath(path)}: ${problem}`);
}
