import { isObject, type JsonObject, type JsonValue } from '@hansa/protocol';
import { pick } from '@hansa/protocol/testing/seeded-random';

const JUNK: readonly JsonValue[] = [
  null,
  true,
  false,
  '',
  'x',
  '50',
  ' +050 ',
  // The most digits that Python reads, and one more.
  '1'.repeat(4_300),
  '1'.repeat(4_301),
  -1,
  0,
  50,
  100,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  [],
  ['x'],
  {},
  { '@u1:a.example': 100 },
  { u1: 100 },
  { '@u1': 0 },
  { x: null },
];

/** The content with one member, however deep, taken away or replaced by something else. */
export function malform(content: JsonObject, random: () => number): JsonObject {
  const keys = Object.keys(content);
  if (keys.length === 0) return content;
  const key = pick(keys, random);
  const value = content[key];
  if (random() < 0.2) return withMember(content, key, undefined);
  if (isObject(value) && Object.keys(value).length > 0 && random() < 0.6) {
    return withMember(content, key, malform(value, random));
  }
  return withMember(content, key, pick(JUNK, random));
}

function withMember(object: JsonObject, key: string, value: JsonValue | undefined): JsonObject {
  const others = Object.entries(object).filter(([other]) => other !== key);
  return Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
}
