import type { JsonObject, JsonValue } from '@hansa/protocol';
import fc from 'fast-check';
import type { TSchema } from 'typebox';

/** What of JSON Schema our schemas use. */
interface Schema {
  readonly type?: string;
  readonly const?: JsonValue;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly jsonObject?: true;
}

/** Texts that mean something to a reader behind a schema. */
const TEXTS = [
  '',
  'a',
  '11',
  '@ada:harbour.example',
  '!room:harbour.example',
  '#alias:harbour.example',
  '$0reGTki7ZknTS7ie_9yV10bzjFVunwm760ukXQ0iEE8',
  'harbour.example',
  'ed25519:a',
  'm.login.password',
  'm.id.user',
  'm.room.member',
];

/** What is read by no schema. */
const OBJECTS: readonly JsonObject[] = [
  {},
  { membership: 'join', displayname: 'Ada' },
  {
    type: 'm.room.member',
    room_id: '!room:harbour.example',
    sender: '@ada:harbour.example',
    state_key: '@ada:harbour.example',
    content: { membership: 'invite' },
    origin_server_ts: 1,
    depth: 1,
    prev_events: [],
    auth_events: [],
    hashes: { sha256: 'a' },
    signatures: { 'harbour.example': { 'ed25519:a': 'a' } },
  },
];

/** Values that a schema lets pass, near enough: bounds are for the mutations to find. */
export function valuesOf(schema: TSchema): fc.Arbitrary<JsonValue> {
  return valuesOfSchema(schema as Schema);
}

function valuesOfSchema(schema: Schema): fc.Arbitrary<JsonValue> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOfSchema));
  if (schema.allOf !== undefined) {
    const parts = fc.tuple(...schema.allOf.map(valuesOfSchema));
    return parts.map((values) => Object.assign({}, ...values) as JsonObject);
  }
  if (schema.jsonObject === true) return fc.constantFrom(...OBJECTS);
  switch (schema.type) {
    case 'object':
      return objectsOf(schema);
    case 'array':
      return fc.array(valuesOfSchema(schema.items ?? {}), { maxLength: 3 });
    case 'string':
      return fc.constantFrom(...TEXTS);
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -10, max: 1_000 });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
      return fc.constantFrom<JsonValue>(null, 'a', 1, ...OBJECTS);
    default:
      throw new Error(`no values are known for the type ${schema.type}`);
  }
}

function objectsOf({ properties, patternProperties, required }: Schema): fc.Arbitrary<JsonObject> {
  const record = Object.values(patternProperties ?? {})[0];
  if (record !== undefined) {
    return fc.dictionary(fc.constantFrom(...TEXTS), valuesOfSchema(record), { maxKeys: 3 });
  }
  const members = Object.entries(properties ?? {});
  const model = Object.fromEntries(members.map(([key, each]) => [key, valuesOfSchema(each)]));
  return fc.record<Record<string, JsonValue>, string>(model, {
    requiredKeys: [...(required ?? [])],
  });
}
