import { isArray, isObject, NumberLiteral } from '@hansa/protocol';
import type { JsonValue } from '@hansa/protocol';

/** As a peer writes it, however deep: `JSON.stringify` takes a time that is the square of the depth. */
export function jsonText(value: JsonValue): string {
  if (value instanceof NumberLiteral) return value.source;
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value);
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${jsonText(each)}`).join(',')}}`;
}
