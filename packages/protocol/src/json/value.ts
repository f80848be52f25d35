/**
 * JSON without loss, as federation needs it: a number is a `number` only where JavaScript holds it
 * exactly and its text says an integer; every other number token is kept as it was written.
 */
export type JsonValue =
  | null
  | boolean
  | string
  | number
  | NumberLiteral
  | readonly JsonValue[]
  | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * A number token that is not a plain integer within ±(2^53 − 1): `1.0`, `1e3`, `-0`, `9007199254740993`.
 * Strict canonical JSON (room version 6 on) refuses it; versions 1 to 5 carry it.
 */
export class NumberLiteral {
  /** The token as the peer wrote it; always valid JSON number grammar. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** So that `JSON.stringify` of parsed JSON writes the token as it came, and not an object. */
  toJSON(): unknown {
    return rawJson(this.source);
  }
}

/** ECMAScript 2026; text that `JSON.stringify` writes as it is. */
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof NumberLiteral)
  );
}

export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * Own member or `undefined`. The only way to read a key that a peer may choose: `object['constructor']`
 * would answer with a function that no peer ever sent.
 */
export function member(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
