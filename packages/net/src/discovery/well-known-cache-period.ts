import { doublingMs } from '../back-off.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const DEFAULT_MS = 24 * HOUR_MS;
const LONGEST_MS = 48 * HOUR_MS;
/** Even for `no-store`: else every request that we send would ask again. */
const SHORTEST_MS = 5 * MINUTE_MS;
const ERROR_MS = { firstMs: 2 * MINUTE_MS, longestMs: HOUR_MS };

/**
 * How long a delegation is believed: as its headers say, between 5 minutes and 48 hours; 24 hours where they say nothing.
 * Source: server-server API, "Resolving server names", step 3.
 */
export function cachePeriodMs(headers: ReadonlyMap<string, string>, nowMs: number): number {
  const wanted = periodOfCacheControl(headers) ?? periodOfExpires(headers, nowMs) ?? DEFAULT_MS;
  return Math.min(Math.max(wanted, SHORTEST_MS), LONGEST_MS);
}

/** How long to go without asking again after this many failures in a row (1 or more): doubling, up to an hour. */
export function errorPeriodMs(failures: number): number {
  return doublingMs(failures, ERROR_MS);
}

function periodOfCacheControl(headers: ReadonlyMap<string, string>): number | undefined {
  const directives = (headers.get('cache-control') ?? '')
    .split(',')
    .map((directive) => directive.trim().toLowerCase());
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0;
  const maxAge = directives
    .map((directive) => /^max-age="?([0-9]{1,10})"?$/.exec(directive)?.[1])
    .find((seconds) => seconds !== undefined);
  return maxAge === undefined ? undefined : Number(maxAge) * SECOND_MS;
}

function periodOfExpires(headers: ReadonlyMap<string, string>, nowMs: number): number | undefined {
  const expires = headers.get('expires');
  if (expires === undefined) return undefined;
  // What is no date means "already expired" (RFC 9111, section 5.3).
  const at = Date.parse(expires);
  return Number.isNaN(at) ? 0 : at - nowMs;
}
