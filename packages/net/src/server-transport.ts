import type { ServerName } from '@hansa/protocol';
import { abortable } from './abortable.ts';
import type { ServerDiscovery } from './discovery/server-discovery.ts';
import type { HttpsClient } from './https-client.ts';
import { HttpsError } from './https-error.ts';
import { RemoteServerError } from './remote-server-error.ts';
import type { IncomingAnswer, OutgoingRequest, Transport } from './transport.ts';

/** Finds the server, sends, and says in `RemoteServerError` what went wrong. */
export class ServerTransport implements Transport {
  readonly #discovery: Pick<ServerDiscovery, 'discover'>;
  readonly #https: Pick<HttpsClient, 'exchange' | 'close'>;

  constructor(ports: {
    readonly discovery: Pick<ServerDiscovery, 'discover'>;
    readonly https: Pick<HttpsClient, 'exchange' | 'close'>;
  }) {
    this.#discovery = ports.discovery;
    this.#https = ports.https;
  }

  async request(request: OutgoingRequest): Promise<IncomingAnswer> {
    const { server, signal } = request;
    const { endpoint, steps } = await abortable(this.#discovery.discover(server), signal);
    try {
      if (endpoint === undefined) throw new HttpsError('unreachable', steps.at(-1) ?? 'not found');
      return await this.#https.exchange(endpoint, request);
    } catch (error) {
      throw error instanceof HttpsError ? failure(server, error, steps) : error;
    }
  }

  close(): Promise<void> {
    return this.#https.close();
  }
}

function failure(
  server: ServerName,
  error: HttpsError,
  search: readonly string[],
): RemoteServerError {
  return new RemoteServerError(`${server}: ${error.message}`, {
    server,
    reachable: error.kind === 'too-large',
    transient: error.kind === 'unreachable' || error.kind === 'timeout',
    search,
    cause: error,
  });
}
