import { isObject, member, type JsonObject, type JsonValue } from '../json/value.ts';

/** Names of the properties on the way down, from the event's top level. */
export type PropertyPath = readonly string[];

/**
 * Splits `content.m\.relates_to.rel_type` at its dots. A backslash before a dot or a backslash takes that
 * character literally; before any other it stands for itself. Every string is a path.
 * Source: appendices, "Dot-separated property paths".
 */
export function parsePropertyPath(text: string): PropertyPath {
  const names: string[] = [];
  let name = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '.') {
      names.push(name);
      name = '';
    } else if (character === '\\' && (next === '.' || next === '\\')) {
      name += next;
      at += 1;
    } else {
      name += character;
    }
  }
  return [...names, name];
}

/** The value at the path, `undefined` where it or anything on the way is absent. Lists are not entered. */
export function findProperty(event: JsonObject, path: PropertyPath): JsonValue | undefined {
  let value: JsonValue | undefined = event;
  for (const name of path) {
    if (!isObject(value)) return undefined;
    value = member(value, name);
  }
  return value;
}
