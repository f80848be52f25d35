import { createAddressGuard } from './address-guard.ts';
import { createResolver } from './dns/resolver.ts';
import type { Resolver } from './dns/resolver.ts';
import { systemQueries } from './dns/system-queries.ts';
import { ServerDiscovery } from './discovery/server-discovery.ts';
import { ServiceTargets } from './discovery/service-targets.ts';
import type { StaticHosts } from './discovery/static-hosts.ts';
import { WellKnown } from './discovery/well-known.ts';
import type { Effects } from './effects.ts';
import { GuardedConnector, trustOf } from './guarded-connector.ts';
import { HttpsClient } from './https-client.ts';
import { openTls } from './open-tls.ts';
import { ServerTransport } from './server-transport.ts';
import type { Transport } from './transport.ts';

export interface TransportOptions {
  readonly effects: Effects;
  /** Certificate authorities of our own, PEM, besides those of the runtime. */
  readonly authorities?: readonly string[];
  /** Private ranges that may be connected to all the same (CIDR). */
  readonly allowedRanges?: readonly string[];
  readonly staticHosts?: StaticHosts;
  /** As `readDnsServers` gives them; those of the machine unless told. */
  readonly dnsServers?: readonly string[];
  /** Instead of DNS; for test networks. */
  readonly resolver?: Resolver;
  /** Where hosts serve their well-known; 443 unless told, for test networks. */
  readonly wellKnownPort?: number;
  /** Where servers are that say nothing else; 8448 unless told, for test networks. */
  readonly defaultPort?: number;
}

/** The transport of a running server: real sockets, TLS and DNS. Throws for a range that is no CIDR. */
export function createTransport(options: TransportOptions): Transport {
  const { clock, timers, random } = options.effects;
  const { dnsServers = [], wellKnownPort, defaultPort } = options;
  const queries = systemQueries({ servers: dnsServers, timers });
  const resolver = options.resolver ?? createResolver(queries, clock);
  const connector = new GuardedConnector({
    resolver,
    guard: createAddressGuard(options.allowedRanges ?? []),
    timers,
    random,
    trust: trustOf(options.authorities ?? []),
    open: openTls,
  });
  const https = new HttpsClient({ connector, timers });
  const streams = new HttpsClient({ connector, timers });
  const wellKnown = new WellKnown({
    clock,
    exchange: (endpoint, request) => https.exchange(endpoint, request),
    ...(wellKnownPort === undefined ? {} : { port: wellKnownPort }),
  });
  const discovery = new ServerDiscovery({
    wellKnown,
    services: new ServiceTargets(resolver),
    staticHosts: options.staticHosts ?? new Map(),
    ...(defaultPort === undefined ? {} : { defaultPort }),
  });
  return new ServerTransport({ https, streams, discovery, clock });
}
