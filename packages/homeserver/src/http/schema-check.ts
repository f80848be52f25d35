import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isObject } from '@hansa/protocol';
import type { JsonObject, JsonValue } from '@hansa/protocol';
import { Type } from 'typebox';
import type { TSchema } from 'typebox';

/** Any JSON object, unread. */
export const AnyObject = Type.Unsafe<JsonObject>({ jsonObject: true });

/** Any JSON at all, unread. */
export const AnyJson = Type.Unsafe<JsonValue>({});

const ajv = new Ajv({ strict: false, allErrors: false, ownProperties: true });
ajv.addKeyword({
  keyword: 'jsonObject',
  validate: (_expected: true, value: JsonValue) => isObject(value),
  error: { message: 'must be an object' },
});

/** What is wrong, in words that name the member; `missing` where it is absent. */
export interface SchemaFault {
  readonly missing: boolean;
  readonly message: string;
}

/**
 * The schema with `jsonObject` beside each `type: 'object'`: a number literal of lossless JSON is an object to JavaScript,
 * and to ajv one that has none of the optional members.
 */
function refuseLiterals(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(refuseLiterals);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([key, value]) => [key, refuseLiterals(value)]);
  const isOfObjects = 'type' in schema && schema.type === 'object';
  return Object.fromEntries(isOfObjects ? [...members, ['jsonObject', true]] : members);
}

/** By their text, so that a second server in one process, or one that starts again, costs little. As many as the source has. */
const compiled = new Map<string, ValidateFunction>();

/** Compiles once; the check stops at the first fault, so that a large bad body costs little. */
export function compileSchema(schema: TSchema): (value: unknown) => SchemaFault | undefined {
  const text = JSON.stringify(schema);
  const validate = compiled.get(text) ?? ajv.compile(refuseLiterals(schema) as TSchema);
  compiled.set(text, validate);
  return (value) => (validate(value) ? undefined : describe(validate.errors?.[0]));
}

function describe(error: ErrorObject | undefined): SchemaFault {
  if (error === undefined) return { missing: false, message: 'not as expected' };
  const where = error.instancePath.slice(1);
  const message = `${where === '' ? '' : `${where} `}${error.message ?? 'is not as expected'}`;
  return { missing: error.keyword === 'required', message };
}
