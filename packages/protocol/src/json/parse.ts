import { Buffer, isUtf8 } from 'node:buffer';
import { parsed, refused } from '../decision.ts';
import type { Parsed, Refused } from '../decision.ts';
import { buildJson } from './build.ts';
import { formatPath } from './path.ts';
import { scanJson } from './scan.ts';
import type { ScanFault } from './scan.ts';
import { isArray, isObject } from './value.ts';
import type { JsonValue } from './value.ts';

export interface JsonLimits {
  /** Containers within one another; 100 unless told, at most 1,000. */
  readonly maxDepth?: number;
  /** Of the text in UTF-8; 64 MiB unless told. */
  readonly maxBytes?: number;
}

export const DEFAULT_MAX_DEPTH = 100;
export const HIGHEST_MAX_DEPTH = 1_000;
export const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/**
 * JSON from a peer, strict and without loss (rules `JSON-1` to `JSON-12`). What `JSON.parse` lets pass in silence is refused:
 * repeated keys, lone surrogates, wrong UTF-8; numbers that it would round or rewrite come as `NumberLiteral`. The reason
 * of a refusal names the field and the offset, in bytes where bytes came, else in characters. No part of the value holds on to the text.
 *
 * One exact pass over the text decides; then `JSON.parse`, which nothing in JavaScript outruns, builds the value wherever it
 * does so rightly, and `buildJson` elsewhere.
 */
export function parseJson(input: Uint8Array | string, limits: JsonLimits = {}): Parsed<JsonValue> {
  const maxDepth = limits.maxDepth ?? DEFAULT_MAX_DEPTH;
  if (maxDepth > HIGHEST_MAX_DEPTH) throw new RangeError(`maxDepth over ${HIGHEST_MAX_DEPTH}`);
  const text = readText(input, limits.maxBytes ?? DEFAULT_MAX_BYTES);
  if (!text.ok) return text;
  const source = text.value;
  const scan = scanJson(source, { maxDepth, findRepeatedKeys: false });
  if (!scan.ok) return refuse(scan, input, source);
  const value = scan.plain ? (JSON.parse(source) as JsonValue) : buildJson(source);
  // A repeated key overwrites: the value then has fewer members than were written.
  if (countMembers(value) === scan.members) return parsed(value);
  const fault = scanJson(source, { maxDepth, findRepeatedKeys: true });
  if (!fault.ok) return refuse(fault, input, source);
  throw new Error('JSON members were lost without a repeated key');
}

function readText(input: Uint8Array | string, maxBytes: number): Parsed<string> {
  const sizeBytes = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (sizeBytes > maxBytes) {
    return refused('JSON-3', `top level: ${sizeBytes} bytes, at most ${maxBytes} are read`);
  }
  let text: string;
  if (typeof input === 'string') {
    text = input;
  } else {
    const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
    text = bytes.toString('utf8');
    if (!isUtf8(bytes)) {
      const offset = firstDifference(bytes, Buffer.from(text));
      return refused('JSON-1', `top level: invalid UTF-8 (byte ${offset})`);
    }
  }
  if (text.startsWith('\ufeff')) {
    return refused('JSON-2', 'top level: begins with a byte order mark');
  }
  return parsed(text);
}

/** Decoding puts U+FFFD for what is wrong, so the re-encoded text leaves the original there. */
function firstDifference(bytes: Uint8Array, decoded: Uint8Array): number {
  const offset = bytes.findIndex((byte, index) => byte !== decoded[index]);
  return offset === -1 ? bytes.length : offset;
}

function refuse(fault: ScanFault, input: Uint8Array | string, source: string): Refused {
  const where =
    typeof input === 'string'
      ? `character ${fault.offset}`
      : `byte ${Buffer.byteLength(source.slice(0, fault.offset))}`;
  return refused(fault.rule, `${formatPath(fault.path)}: ${fault.problem} (${where})`);
}

function countMembers(value: JsonValue): number {
  let count = 0;
  if (isArray(value)) {
    for (const item of value) if (typeof item === 'object') count += countMembers(item);
  } else if (isObject(value)) {
    const members = Object.values(value);
    count = members.length;
    for (const item of members) if (typeof item === 'object') count += countMembers(item);
  }
  return count;
}
