import { findNonCanonical, isObject } from '@hansa/protocol';
import type { JsonValue } from '@hansa/protocol';
import type { TSchema } from 'typebox';
import { badJson, notJson } from '../matrix-error.ts';
import { compileSchema } from './schema-check.ts';

interface BodyRules {
  readonly body?: TSchema;
  readonly emptyBody?: 'object';
  readonly canonicalBody?: true;
}

/** Checks the body of a route: an object, as every body of Matrix is, and as its schema says. */
export function compileBody(rules: BodyRules): (body: JsonValue | undefined) => unknown {
  if (rules.body === undefined) return () => undefined;
  const check = compileSchema(rules.body);
  return (received) => {
    const body = received ?? (rules.emptyBody === 'object' ? {} : undefined);
    if (body === undefined) throw notJson('This request needs a JSON body.');
    if (!isObject(body)) throw badJson('The body must be a JSON object.');
    const fault = check(body);
    if (fault !== undefined) throw badJson(`body: ${fault.message}`);
    const path = rules.canonicalBody === true ? findNonCanonical(body) : undefined;
    if (path !== undefined) throw badJson(`body: ${path} must be an integer within ±(2^53 − 1)`);
    return body;
  };
}
