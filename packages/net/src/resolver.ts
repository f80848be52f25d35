import { lookup } from 'node:dns/promises';

/** Names to addresses. SRV and TXT records join it when discovery reads them. */
export interface Resolver {
  /** IPv4 and IPv6 addresses of a host, in the order to try; rejects where there is none. */
  resolveAddresses(host: string): Promise<readonly string[]>;
}

/** As the operating system does it, `/etc/hosts` included. */
export const systemResolver: Resolver = {
  async resolveAddresses(host) {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  },
};
