import { splitServerName } from '@hansa/protocol';
import type { ServerName, ServerNameParts } from '@hansa/protocol';
import type { Endpoint } from '../guarded-connector.ts';
import type { StaticHosts } from './static-hosts.ts';
import type { WellKnown } from './well-known.ts';

const DEFAULT_PORT = 8448;

export interface DiscoveryPorts {
  readonly wellKnown: Pick<WellKnown, 'findDelegate'>;
  /** From the configuration. */
  readonly staticHosts: StaticHosts;
}

/** From a server's name to the endpoint that answers for it. Source: server-server API, "Resolving server names". */
export class ServerDiscovery {
  readonly #ports: DiscoveryPorts;

  constructor(ports: DiscoveryPorts) {
    this.#ports = ports;
  }

  async discover(server: ServerName): Promise<Endpoint> {
    const parts = splitServerName(server);
    const fixed = this.#ports.staticHosts.get(server);
    // The server still has to show a certificate of its own name.
    if (fixed !== undefined) return { ...endpointOf(parts), host: fixed.host, port: fixed.port };
    if (isExplicit(parts)) return endpointOf(parts);
    const delegate = await this.#ports.wellKnown.findDelegate(parts.host);
    return endpointOf(delegate === undefined ? parts : splitServerName(delegate));
  }
}

/** Steps 1 and 2: nothing is looked up for an address, or where the name says the port. */
function isExplicit({ kind, port }: ServerNameParts): boolean {
  return kind !== 'dns' || port !== undefined;
}

/**
 * Steps 1, 2 and 6, and of a delegate 3.1, 3.2 and 3.5. SRV records (3.3, 3.4, 4, 5) belong before the default port;
 * they change `host` and `port` and never the two other names.
 */
function endpointOf({ host, port, kind }: ServerNameParts): Endpoint {
  const bare = kind === 'ipv6' ? host.slice(1, -1) : host;
  return {
    host: bare,
    port: port ?? DEFAULT_PORT,
    tlsName: bare,
    hostHeader: port === undefined ? host : `${host}:${port}`,
  };
}
