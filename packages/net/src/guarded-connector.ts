import { isIP } from 'node:net';
import { checkServerIdentity, connect, createSecureContext, getCACertificates } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { AddressGuard } from './address-guard.ts';
import type { Timers } from './effects.ts';
import { explainConnectError } from './explain-connect-error.ts';
import { HttpsError } from './https-error.ts';
import type { Resolver } from './resolver.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_PROBE_MS = 60_000;

/** Where to connect to, and whom to expect there. */
export interface Endpoint {
  /** Host name, or IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Host name or IP address that the certificate must be for; a host name is sent as SNI. */
  readonly tlsName: string;
  /** `Host` header. */
  readonly hostHeader: string;
}

export interface ConnectorPorts {
  readonly resolver: Resolver;
  readonly guard: AddressGuard;
  readonly timers: Timers;
  readonly trust: SecureContext;
}

/** Certificate authorities that we believe: those of the runtime, and our own (PEM). */
export function trustOf(ownAuthorities: readonly string[]): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), ...ownAuthorities] });
}

/**
 * Opens TLS connections for every outgoing request there is. A name is resolved, its addresses are checked, and
 * those very addresses are connected to: there is no second look-up that could answer otherwise.
 */
export class GuardedConnector {
  readonly #ports: ConnectorPorts;

  constructor(ports: ConnectorPorts) {
    this.#ports = ports;
  }

  /** Rejects with an `HttpsError`. */
  async connect(endpoint: Endpoint): Promise<TLSSocket> {
    const addresses = await this.#checkedAddresses(endpoint.host);
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
    const socket = connect({
      host: endpoint.host,
      port: endpoint.port,
      // SNI knows no addresses.
      ...(isIP(endpoint.tlsName) === 0 ? { servername: endpoint.tlsName } : {}),
      checkServerIdentity: (_host, certificate) =>
        checkServerIdentity(endpoint.tlsName, certificate),
      secureContext: this.#ports.trust,
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
      // Called for all addresses at once: they are tried in turn, the next after 250 ms.
      lookup: (_host, _options, callback) => {
        callback(null, [...addresses]);
      },
    });
    socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_PROBE_MS);
    const cancelTimeout = this.#ports.timers.after(CONNECT_TIMEOUT_MS, () => {
      socket.destroy(new HttpsError('timeout', `no connection within ${CONNECT_TIMEOUT_MS} ms`));
    });
    socket.once('secureConnect', () => {
      resolve(socket);
    });
    socket.on('error', (cause) => {
      reject(cause instanceof HttpsError ? cause : unreachable(endpoint, cause));
    });
    try {
      return await promise;
    } finally {
      cancelTimeout();
    }
  }

  async #checkedAddresses(
    host: string,
  ): Promise<readonly { readonly address: string; readonly family: number }[]> {
    const { guard, resolver } = this.#ports;
    const found = isIP(host) === 0 ? await resolve(resolver, host) : [host];
    const allowed = found.filter((address) => guard.allows(address));
    if (allowed.length === 0) {
      throw new HttpsError(
        'blocked',
        `${host} has no address in the public ranges or in "federation.allowedRanges"`,
      );
    }
    return allowed.map((address) => ({ address, family: isIP(address) }));
  }
}

async function resolve(resolver: Resolver, host: string): Promise<readonly string[]> {
  try {
    return await resolver.resolveAddresses(host);
  } catch (cause) {
    throw new HttpsError('unreachable', `${host} has no address`, cause);
  }
}

function unreachable({ host, port, tlsName }: Endpoint, cause: unknown): HttpsError {
  const why = explainConnectError(cause, tlsName);
  return new HttpsError('unreachable', `cannot connect to ${host}, port ${port}: ${why}`, cause);
}
