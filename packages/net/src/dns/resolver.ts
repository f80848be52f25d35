import { AnswerCache } from '../answer-cache.ts';
import type { Answer } from '../answer-cache.ts';
import type { Clock } from '../effects.ts';
import { DnsError } from './dns-error.ts';
import type { DnsAnswer, DnsQueries, ServiceRecord } from './dns-queries.ts';

const MAX_NAMES = 10_000;
const SECOND_MS = 1_000;
const SHORTEST_MS = 5 * SECOND_MS;
const LONGEST_MS = 3_600 * SECOND_MS;
/** That there is nothing. Node does not tell what the zone says of that; most say more. */
const NOTHING_MS = 60 * SECOND_MS;
/** That it could not be told. Source: RFC 9520, section 3.2. */
const FAILURE_MS = 10 * SECOND_MS;
/** Longer, as it takes long to find out. */
const SILENCE_MS = 30 * SECOND_MS;

const KEEP_MS = { nothing: NOTHING_MS, failed: FAILURE_MS, silent: SILENCE_MS };

/** What names stand for. Rejects with a `DnsError`. */
export interface Resolver {
  /** IPv4 and IPv6 addresses of a host, at least one, in the order to try. */
  resolveAddresses(host: string): Promise<readonly string[]>;
  /** SRV records of a service, at least one, in any order. */
  resolveServices(name: string): Promise<readonly ServiceRecord[]>;
}

type Outcome<R> = readonly R[] | DnsError;

/** Remembers as long as the records say, within bounds, and what failed for a short while. */
export function createResolver(queries: DnsQueries, clock: Pick<Clock, 'monotonic'>): Resolver {
  const addresses = new AnswerCache<Outcome<string>>(clock, MAX_NAMES);
  const services = new AnswerCache<Outcome<ServiceRecord>>(clock, MAX_NAMES);
  return {
    resolveAddresses: async (host) =>
      recordsOf(await addresses.get(host, () => outcomeOf(queries.queryAddresses(host)))),
    resolveServices: async (name) =>
      recordsOf(await services.get(name, () => outcomeOf(queries.queryServices(name)))),
  };
}

async function outcomeOf<R>(query: Promise<DnsAnswer<R>>): Promise<Answer<Outcome<R>>> {
  try {
    const { records, ttlS } = await query;
    const keepMs = Math.min(Math.max(ttlS * SECOND_MS, SHORTEST_MS), LONGEST_MS);
    return { value: records, keepMs };
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return { value: error, keepMs: KEEP_MS[error.kind] };
  }
}

function recordsOf<R>(outcome: Outcome<R>): readonly R[] {
  if (outcome instanceof DnsError) throw outcome;
  return outcome;
}
