import { lookup, Resolver } from 'node:dns/promises';
import type { RecordWithTtl } from 'node:dns';
import { abortable } from '../abortable.ts';
import type { Timers } from '../effects.ts';
import { Slots } from '../slots.ts';
import { asDnsError, DnsError } from './dns-error.ts';
import type { DnsAnswer, DnsQueries } from './dns-queries.ts';

const TIMEOUT_MS = 5_000;
const TRIES = 2;
/** For the addresses of one family once those of the other are there: some name servers drop the question for IPv6. */
const OTHER_FAMILY_MS = 1_000;
/** Node tells the TTL of addresses, and of nothing else. */
const UNTOLD_TTL_S = 60;
/** Names that the operating system looks up at a time: each holds one of four threads. */
const MAX_LOOKUPS = 2;
/** What the operating system reads as an IPv4 address, in whatever notation. Source: URL Standard, "ends in a number". */
const ENDS_IN_NUMBER = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$/i;

export interface SystemQueryOptions {
  readonly timers: Pick<Timers, 'after'>;
  /** `address` or `address:port`; those of the machine unless told. */
  readonly servers?: readonly string[];
  /** Until a DNS server is asked again; 5 s unless told. */
  readonly timeoutMs?: number;
}

/**
 * By DNS. Without servers of its own, what DNS does not know is looked up as the operating system does, in `/etc/hosts`
 * for one; but not what DNS is silent about: such a look-up holds its thread until it gives up, and passwords and files
 * wait for those too.
 */
export function systemQueries({ timers, servers = [], timeoutMs }: SystemQueryOptions): DnsQueries {
  const dns = new Resolver({ timeout: timeoutMs ?? TIMEOUT_MS, tries: TRIES });
  if (servers.length > 0) dns.setServers(servers);
  const lookups = new Slots(MAX_LOOKUPS);
  return {
    async queryAddresses(host) {
      // RFC 6761, section 6.3.
      if (host === 'localhost' || host.endsWith('.localhost')) {
        return { records: ['::1', '127.0.0.1'], ttlS: UNTOLD_TTL_S };
      }
      if (ENDS_IN_NUMBER.test(host)) throw new DnsError('nothing', 'an address in disguise');
      const found = await askForAddresses(dns, host, timers);
      if (!(found instanceof DnsError)) return found;
      if (found.kind === 'silent' || servers.length > 0) throw found;
      return await lookups.run(() => lookUp(host, found));
    },
    async queryServices(name) {
      try {
        const records = await dns.resolveSrv(name);
        const told = records.map(({ name, port, priority, weight }) => {
          return { target: name, port, priority, weight };
        });
        return { records: told, ttlS: UNTOLD_TTL_S };
      } catch (error) {
        throw asDnsError(error);
      }
    },
  };
}

async function askForAddresses(
  dns: Resolver,
  host: string,
  timers: Pick<Timers, 'after'>,
): Promise<DnsAnswer<string> | DnsError> {
  const late = new AbortController();
  let cancel = (): void => {};
  const ask = async (answer: Promise<RecordWithTtl[]>): Promise<RecordWithTtl[]> => {
    const found = await abortable(answer, late.signal);
    cancel();
    cancel = timers.after(OTHER_FAMILY_MS, () => {
      late.abort(new DnsError('silent', 'DNS does not answer'));
    });
    return found;
  };
  const answers = await Promise.allSettled([
    ask(dns.resolve6(host, { ttl: true })),
    ask(dns.resolve4(host, { ttl: true })),
  ]);
  cancel();
  const [v6 = [], v4 = []] = answers.map(foundIn);
  const records = alternately(v6, v4);
  if (records.length > 0) {
    return { records: records.map((each) => each.address), ttlS: shortestTtl(records) };
  }
  const failures = answers.flatMap((each) =>
    each.status === 'rejected' ? [asDnsError(each.reason)] : [],
  );
  // What says least decides: one kind of record may be there where the other is not.
  const told = (['silent', 'failed'] as const)
    .map((kind) => failures.find((failure) => failure.kind === kind))
    .find((failure) => failure !== undefined);
  return told ?? failures[0] ?? new DnsError('nothing', 'no records');
}

function foundIn(answer: PromiseSettledResult<RecordWithTtl[]>): readonly RecordWithTtl[] {
  return answer.status === 'fulfilled' ? answer.value : [];
}

/** So that a bound on their number leaves some of each family. */
function alternately<T>(ones: readonly T[], others: readonly T[]): readonly T[] {
  const length = Math.max(ones.length, others.length);
  return Array.from({ length }, (_, at) => [
    ...ones.slice(at, at + 1),
    ...others.slice(at, at + 1),
  ]).flat();
}

function shortestTtl(records: readonly RecordWithTtl[]): number {
  return records.reduce((least, { ttl }) => Math.min(least, ttl), Number.POSITIVE_INFINITY);
}

async function lookUp(host: string, asked: DnsError): Promise<DnsAnswer<string>> {
  try {
    const known = await lookup(host, { all: true });
    return { records: known.map(({ address }) => address), ttlS: UNTOLD_TTL_S };
  } catch {
    // DNS has said more of the same.
    throw asked;
  }
}
