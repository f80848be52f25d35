import { invalidParam } from '../matrix-error.ts';
import type { ParamParsers } from './route.ts';

const NAME = /\{([A-Za-z]+)\}/g;

/** Throws where the names in the path are not those that have a parser: a mistake of ours, found at start. */
export function compileParams(
  path: string,
  parsers: ParamParsers,
): (raw: Readonly<Record<string, string>>) => Readonly<Record<string, unknown>> {
  const named = path
    .matchAll(NAME)
    .map(([, name]) => name)
    .toArray();
  const parsed = Object.keys(parsers);
  if (new Set(named).symmetricDifference(new Set(parsed)).size > 0) {
    throw new TypeError(`${path} names ${named.join(', ')}; parsers: ${parsed.join(', ')}`);
  }
  const entries = Object.entries(parsers);
  return (raw) =>
    Object.fromEntries(
      entries.map(([name, parse]) => {
        const result = parse(raw[name] ?? '');
        if (!result.ok) throw invalidParam(`${name}: ${result.reason}`);
        return [name, result.value];
      }),
    );
}
