import { expect, it } from 'vitest';
import { declaredRoutes } from '../client-api/testing/declared-routes.ts';
import { federationRoutes } from '../federation-api/federation-routes.ts';
import { stubPorts } from '../federation-api/testing/stub-ports.ts';

/** What of a JSON Schema is looked at. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const routes = [...declaredRoutes(), ...federationRoutes(stubPorts({}))];

/** Where a text or a list has no bound. Of objects, the bound is that of the body. */
function* unbounded(schema: Schema, path: string): Generator<string> {
  if (schema.const !== undefined || schema.enum !== undefined) return;
  if (schema.type === 'string' && schema.maxLength === undefined) yield path;
  if (schema.type === 'array' && schema.maxItems === undefined) yield `${path}[]`;
  if (schema.items !== undefined) yield* unbounded(schema.items, `${path}[]`);
  for (const each of [...(schema.anyOf ?? []), ...(schema.allOf ?? [])])
    yield* unbounded(each, path);
  const members = { ...schema.properties, ...schema.patternProperties };
  for (const [name, each] of Object.entries(members)) yield* unbounded(each, `${path}.${name}`);
}

it('[SEC-34] every text and every list that a request may bring has a bound', () => {
  const found = routes.flatMap(({ method, path, query, body }) =>
    [query, body].flatMap((schema) => [
      ...unbounded((schema ?? {}) as Schema, `${method} ${path} `),
    ]),
  );
  expect(routes.length).toBeGreaterThan(60);
  expect(found).toEqual([]);
});
