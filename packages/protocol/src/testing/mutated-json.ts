import fc from 'fast-check';
import { isArray, isObject, NumberLiteral } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { looseJsonValues } from './json-values.ts';

/** Parsers stop at 1,000 and canonical JSON at 1,024; ours that write such a tree for a test call themselves for each level. */
const DEEPER_THAN_ANY_PARSER = 1_500;

/** One change of a tree: the way down as shares of each level's members, then what to do there. */
interface Mutation {
  readonly way: readonly number[];
  readonly act: 'replace' | 'remove' | 'add' | 'repeat';
  readonly key: string;
  readonly value: JsonValue;
}

const NUMBERS =
  '-0 1.0 0.1 1e3 1e308 9007199254740992 9223372036854775807 9223372036854775808 -9223372036854775809';
const TEXTS = [
  '',
  '\ud800',
  '\0',
  'a'.repeat(300),
  'é'.repeat(128),
  '*',
  '@a',
  '@a:b',
  '!a:b',
  '$a:b',
];
const OTHERS = [null, true, false, 0, -1, [], {}, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

/** Values that readers get wrong: bounds of integers, empty, huge and malformed texts, nesting, other types. */
const oddValues: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom(...NUMBERS.split(' ')).map((source) => new NumberLiteral(source)),
  fc.constantFrom<JsonValue>(...TEXTS, ...OTHERS, nested(DEEPER_THAN_ANY_PARSER)),
  looseJsonValues,
);

const mutation: fc.Arbitrary<Mutation> = fc.record({
  way: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    minLength: 1,
    maxLength: 5,
  }),
  act: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
  key: fc.constantFrom('__proto__', 'constructor', 'toString', 'unsigned', 'event_id', 'm.custom'),
  value: oddValues,
});

/** Samples with one to five changes somewhere within them. */
export function mutatedJson(samples: readonly JsonObject[]): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(mutation, { minLength: 1, maxLength: 5 }))
    .map(([sample, mutations]) => mutations.reduce<JsonValue>(mutate, sample))
    .filter(isObject);
}

function mutate(value: JsonValue, change: Mutation): JsonValue {
  const [share, ...rest] = change.way;
  if (share === undefined) return change.value;
  if (isArray(value)) {
    const items = value.map((item, index) => [String(index), item] as const);
    return changeMember(items, share, { ...change, way: rest }).map(([, item]) => item);
  }
  if (!isObject(value)) return change.value;
  return Object.fromEntries(changeMember(Object.entries(value), share, { ...change, way: rest }));
}

type Members = readonly (readonly [key: string, value: JsonValue])[];

function changeMember(members: Members, share: number, change: Mutation): Members {
  const at = Math.floor(share * members.length);
  const chosen = members[at];
  if (chosen === undefined) return [[change.key, change.value]];
  const [key, value] = chosen;
  const isHere = change.way.length === 0;
  if (isHere && change.act === 'remove') return members.toSpliced(at, 1);
  if (isHere && change.act === 'add') return [...members, [change.key, change.value]];
  if (isHere && change.act === 'repeat') {
    return [...members, ...Array.from({ length: 30 }, (_, n) => [`${key}${n}`, value] as const)];
  }
  return members.with(at, [key, mutate(value, change)]);
}

function nested(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}
