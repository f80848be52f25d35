import type { TObject, TSchema } from 'typebox';
import { invalidParam, missingParam } from '../matrix-error.ts';
import { compileSchema } from './schema-check.ts';

const INTEGER = /^-?[0-9]{1,15}$/;

/** Reads the parameters that the schema names, each by its type, and ignores the others. */
export function compileQuery(schema: TObject | undefined): (search: URLSearchParams) => unknown {
  if (schema === undefined) return () => ({});
  const check = compileSchema(schema);
  const members = Object.entries<TSchema>(schema.properties);
  return (search) => {
    const query = Object.fromEntries(
      members.flatMap(([name, member]) => {
        const values = search.getAll(name);
        return values.length === 0 ? [] : [[name, readValues(name, values, member)]];
      }),
    );
    const fault = check(query);
    if (fault === undefined) return query;
    const message = `query: ${fault.message}`;
    throw fault.missing ? missingParam(message) : invalidParam(message);
  };
}

function readValues(name: string, values: readonly string[], schema: TSchema): unknown {
  if (typeOf(schema) === 'array') {
    const items = (schema as { readonly items?: TSchema }).items ?? {};
    return values.map((value) => readValue(value, items));
  }
  if (values.length > 1) throw invalidParam(`query: ${name} must be given once`);
  return readValue(values[0] ?? '', schema);
}

/** What cannot be read as its type stays text, so that the schema refuses it. */
function readValue(text: string, schema: TSchema): unknown {
  if (typeOf(schema) === 'integer' && INTEGER.test(text)) return Number(text);
  if (typeOf(schema) === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function typeOf(schema: TSchema): unknown {
  return (schema as { readonly type?: unknown }).type;
}
