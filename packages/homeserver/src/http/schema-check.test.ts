import { parseJson } from '@hansa/protocol';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { AnyObject, compileSchema } from './schema-check.ts';

const Optional = Type.Object({ a: Type.Optional(Type.String()) });

/** Schemas in which an object may stand at `here`. */
const PLACES = [
  ['a member', Type.Object({ here: Optional })],
  ['an optional member', Type.Object({ here: Type.Optional(Optional) })],
  ['unread', Type.Object({ here: AnyObject })],
  ['one of several', Type.Object({ here: Type.Union([Type.Null(), Optional]) })],
  ['several at once', Type.Object({ here: Type.Intersect([Optional, Type.Object({})]) })],
  ['a member named type', Type.Object({ here: Type.Object({ type: Type.Optional(Optional) }) })],
  ['a record', Type.Object({ here: Type.Record(Type.String(), Type.String()) })],
] as const;
const LITERALS = ['1.5', '1e3', '-0', '9007199254740993'];

const fault = (schema: Parameters<typeof compileSchema>[0], text: string) => {
  const json = parseJson(text);
  if (!json.ok) throw new Error(json.reason);
  return compileSchema(schema)(json.value);
};

describe.each(PLACES)('%s', (_name, schema) => {
  it.each(LITERALS)('is an object, and not the number %s', (literal) => {
    expect(fault(schema, `{"here":${literal}}`)?.message).toMatch(/^here must /);
    expect(fault(schema, '{"here":{}}')).toBeUndefined();
  });
});

it.each(LITERALS)('objects in a list or under any key are not the number %s', (literal) => {
  const list = Type.Object({ here: Type.Array(Optional) });
  expect(fault(list, `{"here":[{},${literal}]}`)?.message).toBe('here/1 must be an object');
  const record = Type.Object({ here: Type.Record(Type.String(), Optional) });
  expect(fault(record, `{"here":{"x":${literal}}}`)?.message).toBe('here/x must be an object');
});

it('a number where an object with a member is needed is no object, rather than one without it', () => {
  const schema = Type.Object({ here: Type.Object({ a: Type.String() }) });
  expect(fault(schema, '{"here":1.5}')).toEqual({
    missing: false,
    message: 'here must be an object',
  });
});

it('a whole value that is a number is none of the objects it should be', () => {
  expect(fault(Optional, '1.5')).toEqual({ missing: false, message: 'must be an object' });
});
