import {
  createFederationClient,
  FederationHttp,
  getServerKeys,
  KeyRing,
  queryServerKeys,
} from '@hansa/homeserver';
import { createTransport, readDnsServers, readStaticHosts } from '@hansa/net';
import type { Parts } from './parts.ts';

/** What goes out to other servers. */
export type Outward = ReturnType<typeof wireOutward>;

export function wireOutward({
  installation,
  signingKey,
  store,
  effects,
  log,
  surroundings,
}: Parts) {
  const { config, authorities } = installation;
  const { clock, random } = effects;
  const own = { serverName: config.serverName, signingKey, retiredKeys: [] };
  const transport =
    surroundings?.transport ??
    createTransport({
      effects,
      authorities,
      allowedRanges: config.federation.allowedRanges ?? [],
      staticHosts: readStaticHosts(config.federation.hosts ?? {}),
      dnsServers: readDnsServers(config.federation.dnsServers ?? []),
    });
  const http = new FederationHttp({ own, transport });
  const federation = createFederationClient(http);
  const keyRing = new KeyRing({
    own,
    store,
    fetchKeys: (server) => getServerKeys(http, server),
    askNotary: (notary, server) => queryServerKeys(http, notary, server),
    report: (problem) => log.warn({}, problem),
    clock,
    random,
  });
  return { own, transport, http, federation, keyRing };
}
