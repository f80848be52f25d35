import { isArray, isObject, type JsonObject, type JsonValue, member } from '../../json/value.ts';

/** Keys of an `m.room.third_party_invite`, as they are written, each once. Source: rooms/v12.md, rule 5.4.1.7. */
export function thirdPartyKeysOf(content: JsonObject): ReadonlySet<string> {
  const keys = new Set<string>();
  const add = (key: JsonValue | undefined): void => {
    if (typeof key === 'string') keys.add(key);
  };
  add(member(content, 'public_key'));
  const listed = member(content, 'public_keys');
  if (isArray(listed)) {
    for (const entry of listed) if (isObject(entry)) add(member(entry, 'public_key'));
  }
  return keys;
}
