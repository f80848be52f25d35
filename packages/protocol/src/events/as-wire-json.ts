import type { JsonObject } from '../json/value.ts';
import type { JsonObject as WireObject } from '../wire/json.ts';

/** The same object, by the type that clients know it by once it is written and read. */
export function asWireJson(object: JsonObject): WireObject {
  // What the types tell apart are `NumberLiteral`s, and `JSON.stringify` writes those as numbers.
  return object as WireObject;
}
