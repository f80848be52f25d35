import {
  canonicalJsonBytes,
  HIGHEST_MAX_DEPTH,
  isArray,
  isObject,
  parseJson,
} from '@hansa/protocol';
import type { JsonObject, JsonValue } from '@hansa/protocol';

/** JSON in a column, without loss. */
export function toBytes(value: JsonValue): Uint8Array {
  return canonicalJsonBytes(value);
}

export function objectOf(stored: Uint8Array): JsonObject {
  const value = valueOf(stored);
  if (!isObject(value)) throw new TypeError('stored JSON is not an object');
  return value;
}

export function objectsOf(stored: Uint8Array): readonly JsonObject[] {
  const value = valueOf(stored);
  if (!isArray(value) || !value.every(isObject)) throw new TypeError('stored JSON is not a list');
  return value;
}

function valueOf(stored: Uint8Array): JsonValue {
  const json = parseJson(stored, { maxDepth: HIGHEST_MAX_DEPTH });
  if (!json.ok) throw new TypeError(`stored JSON is broken: ${json.reason}`);
  return json.value;
}
