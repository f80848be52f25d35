import { isDeepStrictEqual } from 'node:util';

/** @throws Error that tells both, where they differ */
export function requireSame(what: string, seen: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(seen, expected)) throw new Error(describeDifference(what, seen, expected));
}

/** Goes behind words such as "never saw". */
export function describeDifference(what: string, seen: unknown, expected: unknown): string {
  return `${what} as ${JSON.stringify(expected)}; last it was ${JSON.stringify(seen)}`;
}
