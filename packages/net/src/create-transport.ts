import { createAddressGuard } from './address-guard.ts';
import { ServerDiscovery } from './discovery/server-discovery.ts';
import type { StaticHosts } from './discovery/static-hosts.ts';
import { WellKnown } from './discovery/well-known.ts';
import type { Effects } from './effects.ts';
import { GuardedConnector, trustOf } from './guarded-connector.ts';
import { HttpsClient } from './https-client.ts';
import { systemResolver } from './resolver.ts';
import type { Resolver } from './resolver.ts';
import { ServerTransport } from './server-transport.ts';
import type { Transport } from './transport.ts';

export interface TransportOptions {
  readonly effects: Pick<Effects, 'clock' | 'timers'>;
  /** Certificate authorities of our own, PEM, besides those of the runtime. */
  readonly authorities?: readonly string[];
  /** Private ranges that may be connected to all the same (CIDR). */
  readonly allowedRanges?: readonly string[];
  readonly staticHosts?: StaticHosts;
  readonly resolver?: Resolver;
  /** Where hosts serve their well-known; 443 unless told, for test networks. */
  readonly wellKnownPort?: number;
}

/** The transport of a running server: real sockets, TLS and DNS. Throws for a range that is no CIDR. */
export function createTransport(options: TransportOptions): Transport {
  const { clock, timers } = options.effects;
  const connector = new GuardedConnector({
    resolver: options.resolver ?? systemResolver(),
    guard: createAddressGuard(options.allowedRanges ?? []),
    timers,
    trust: trustOf(options.authorities ?? []),
  });
  const https = new HttpsClient({ connector, timers });
  const wellKnown = new WellKnown({
    clock,
    exchange: (endpoint, request) => https.exchange(endpoint, request),
    ...(options.wellKnownPort === undefined ? {} : { port: options.wellKnownPort }),
  });
  const staticHosts = options.staticHosts ?? new Map();
  return new ServerTransport({ https, discovery: new ServerDiscovery({ wellKnown, staticHosts }) });
}
