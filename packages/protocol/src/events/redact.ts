import { isObject, member } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import type { ContentKeep, RoomVersionRules } from '../room-versions/rules.ts';

type Entry = readonly [key: string, value: JsonValue];

/**
 * The event without what its room version does not protect. Signatures and, from version 3 on, the event id cover
 * exactly what is left. `unsigned` goes, too; who serves the result to clients adds their own.
 * Source: the section "Redactions" of each room version.
 */
export function redact(json: JsonObject, rules: RoomVersionRules): JsonObject {
  const type = member(json, 'type');
  const content = redactContent(type, member(json, 'content'), rules);
  const kept: Entry[] = [];
  for (const [key, value] of Object.entries(json)) {
    if (!rules.redaction.topLevel.has(key)) continue;
    kept.push([key, key === 'content' ? content : value]);
  }
  return Object.fromEntries(kept);
}

/** What redaction leaves of the content of an event of this type. */
export function redactContent(
  type: JsonValue | undefined,
  content: JsonValue | undefined,
  rules: RoomVersionRules,
): JsonObject {
  const keep = typeof type === 'string' ? rules.redaction.content.get(type) : undefined;
  if (keep === undefined || !isObject(content)) return {};
  return keep === 'all' ? content : Object.fromEntries(entriesToKeep(content, keep));
}

function* entriesToKeep(content: JsonObject, keep: Exclude<ContentKeep, 'all'>): Iterable<Entry> {
  for (const [key, innerKey] of keep) {
    const value = member(content, key);
    if (value === undefined) continue;
    if (innerKey === undefined) yield [key, value];
    else if (isObject(value)) yield [key, onlyMember(value, innerKey)];
  }
}

/** An object stays one even when it lacks the member: all implementations hash it so. */
function onlyMember(object: JsonObject, key: string): JsonObject {
  const value = member(object, key);
  return value === undefined ? {} : Object.fromEntries([[key, value]]);
}
