import { lookup, Resolver as DnsResolver } from 'node:dns/promises';

const TIMEOUT_MS = 5_000;
const TRIES = 2;
/** What the operating system reads as an IPv4 address, in whatever notation. Source: URL Standard, "ends in a number". */
const ENDS_IN_NUMBER = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$/i;

/** Names to addresses. SRV and TXT records join it when discovery reads them. */
export interface Resolver {
  /** IPv4 and IPv6 addresses of a host, in the order to try; rejects where there is none. */
  resolveAddresses(host: string): Promise<readonly string[]>;
}

export interface ResolverOptions {
  /** `address:port`; those of the machine unless told. */
  readonly servers?: readonly string[];
  /** Until a DNS server is asked again; 5 s unless told. */
  readonly timeoutMs?: number;
}

/**
 * By DNS. What DNS does not know is looked up as the operating system does, in `/etc/hosts` for one; but not what DNS is
 * silent about: such a look-up holds one of four threads until it gives up, and passwords and files wait for those too.
 */
export function systemResolver({ servers, timeoutMs }: ResolverOptions = {}): Resolver {
  const dns = new DnsResolver({ timeout: timeoutMs ?? TIMEOUT_MS, tries: TRIES });
  if (servers !== undefined) dns.setServers(servers);
  return {
    async resolveAddresses(host) {
      // RFC 6761, section 6.3.
      if (host === 'localhost' || host.endsWith('.localhost')) return ['::1', '127.0.0.1'];
      const answers = await Promise.allSettled([dns.resolve6(host), dns.resolve4(host)]);
      const found = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
      if (found.length > 0) return found;
      const silence = answers.find((each) => each.status === 'rejected' && isSilence(each.reason));
      if (silence?.status === 'rejected') throw silence.reason;
      if (ENDS_IN_NUMBER.test(host)) throw new Error(`${host} is an address in disguise`);
      const known = await lookup(host, { all: true });
      return known.map(({ address }) => address);
    },
  };
}

function isSilence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ETIMEOUT' || code === 'ECANCELLED';
}
