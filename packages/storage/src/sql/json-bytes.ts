import {
  canonicalJsonBytes,
  HIGHEST_MAX_DEPTH,
  isArray,
  isObject,
  parsed,
  parseJson,
  refused,
} from '@hansa/protocol';
import type { JsonObject, JsonValue, Parsed } from '@hansa/protocol';

/** JSON in a column, without loss. */
export function toBytes(value: JsonValue): Uint8Array {
  return canonicalJsonBytes(value);
}

export function objectOf(stored: Uint8Array): JsonObject {
  const object = readObject(stored);
  if (!object.ok) throw new TypeError(`stored JSON is broken: ${object.reason}`);
  return object.value;
}

export function readObject(stored: Uint8Array): Parsed<JsonObject> {
  const json = parseJson(stored, { maxDepth: HIGHEST_MAX_DEPTH });
  if (!json.ok) return json;
  return isObject(json.value) ? parsed(json.value) : refused('STORED-2', 'not an object');
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
