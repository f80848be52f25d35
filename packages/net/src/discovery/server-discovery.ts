import { splitServerName, withoutBrackets } from '@hansa/protocol';
import type { ServerName, ServerNameParts } from '@hansa/protocol';
import { soleTarget } from '../endpoint.ts';
import type { Endpoint, Target } from '../endpoint.ts';
import { WELL_KNOWN_PATH } from './fetch-well-known.ts';
import type { ServiceTargets } from './service-targets.ts';
import type { StaticHosts } from './static-hosts.ts';
import type { KnownDelegate, WellKnown } from './well-known.ts';

const DEFAULT_PORT = 8448;

export interface DiscoveryPorts {
  readonly wellKnown: Pick<WellKnown, 'findDelegate'>;
  readonly services: Pick<ServiceTargets, 'find'>;
  /** From the configuration. */
  readonly staticHosts: StaticHosts;
  /** 8448 unless told; for test networks. */
  readonly defaultPort?: number;
}

export interface Discovery {
  /** `undefined` where the server lets itself be found nowhere; the last step says why. */
  readonly endpoint: Endpoint | undefined;
  /** What was asked and what came of it, in words for the operator; none where the name itself says it all. */
  readonly steps: readonly string[];
}

/** From a server's name to the endpoint that answers for it. Source: server-server API, "Resolving server names". */
export class ServerDiscovery {
  readonly #ports: DiscoveryPorts;
  readonly #defaultPort: number;

  constructor(ports: DiscoveryPorts) {
    this.#ports = ports;
    this.#defaultPort = ports.defaultPort ?? DEFAULT_PORT;
  }

  async discover(server: ServerName): Promise<Discovery> {
    const parts = splitServerName(server);
    const fixed = this.#ports.staticHosts.get(server);
    if (fixed !== undefined) {
      const { host, port } = fixed;
      const steps = [`"federation.hosts" says ${host}, port ${port}`];
      // The server still has to show a certificate of its own name.
      return { endpoint: endpointOf(parts, [soleTarget(host, port)]), steps };
    }
    if (isExplicit(parts)) return { endpoint: this.#direct(parts), steps: [] };
    const known = await this.#ports.wellKnown.findDelegate(parts.host);
    const steps = [stepOf(parts.host, known)];
    const named = known.delegate === undefined ? parts : splitServerName(known.delegate);
    if (isExplicit(named)) return { endpoint: this.#direct(named), steps };
    return await this.#byServices(named, steps);
  }

  /** Steps 3.3 to 3.5 of a delegate, and 4 to 6 without one: SRV records before the default port. */
  async #byServices(parts: ServerNameParts, before: readonly string[]): Promise<Discovery> {
    const { targets, isOffered, steps: asked } = await this.#ports.services.find(parts.host);
    const steps = [...before, ...asked];
    if (!isOffered) return { endpoint: undefined, steps };
    // They change where to connect to, and never whom to expect there.
    if (targets.length > 0) return { endpoint: endpointOf(parts, targets), steps };
    steps.push(`so ${parts.host}, port ${this.#defaultPort}`);
    return { endpoint: this.#direct(parts), steps };
  }

  /** Steps 1, 2 and 6, and of a delegate 3.1, 3.2 and 3.5. */
  #direct(parts: ServerNameParts): Endpoint {
    return endpointOf(parts, [
      soleTarget(withoutBrackets(parts.host), parts.port ?? this.#defaultPort),
    ]);
  }
}

/** Steps 1 and 2: nothing is looked up for an address, or where the name says the port. */
function isExplicit({ kind, port }: ServerNameParts): boolean {
  return kind !== 'dns' || port !== undefined;
}

function endpointOf(parts: ServerNameParts, targets: readonly Target[]): Endpoint {
  const { host, port } = parts;
  return {
    targets,
    tlsName: withoutBrackets(host),
    hostHeader: port === undefined ? host : `${host}:${port}`,
  };
}

function stepOf(host: string, { delegate, fault }: KnownDelegate): string {
  const url = `https://${host}${WELL_KNOWN_PATH}`;
  if (delegate === undefined) return `${url} names nobody: ${fault}`;
  return fault === undefined
    ? `${url} names ${delegate}`
    : `${url} named ${delegate} before, and now: ${fault}`;
}
