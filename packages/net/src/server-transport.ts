import type { ServerName } from '@hansa/protocol';
import { abortable } from './abortable.ts';
import type { ServerDiscovery } from './discovery/server-discovery.ts';
import type { Clock } from './effects.ts';
import type { Endpoint } from './endpoint.ts';
import { followLocation } from './follow-location.ts';
import type { HttpsClient } from './https-client.ts';
import { HttpsError } from './https-error.ts';
import { RemoteServerError } from './remote-server-error.ts';
import type {
  IncomingAnswer,
  Location,
  OutgoingRequest,
  ReadStream,
  Transport,
} from './transport.ts';

interface Ports {
  readonly discovery: Pick<ServerDiscovery, 'discover'>;
  readonly https: Pick<HttpsClient, 'exchange' | 'close'>;
  /** For answers that are read as they come. */
  readonly streams: Pick<HttpsClient, 'receive' | 'close'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** Finds the server, sends, and says in `RemoteServerError` what went wrong. */
export class ServerTransport implements Transport {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  async request(request: OutgoingRequest): Promise<IncomingAnswer> {
    const { https } = this.#ports;
    return await this.#at(request, (endpoint) => https.exchange(endpoint, request));
  }

  async receive<T>(request: OutgoingRequest, read: ReadStream<T>): Promise<T> {
    const { streams } = this.#ports;
    return await this.#at(request, (endpoint) => streams.receive(endpoint, request, read));
  }

  async receiveFrom<T>(location: Location, read: ReadStream<T>): Promise<T> {
    const { streams: https, clock } = this.#ports;
    try {
      return await followLocation({ https, clock }, location, read);
    } catch (error) {
      throw error instanceof HttpsError ? failure(location.server, error, []) : error;
    }
  }

  async close(): Promise<void> {
    const { https, streams } = this.#ports;
    await Promise.all([https.close(), streams.close()]);
  }

  async #at<T>(
    { server, signal }: OutgoingRequest,
    send: (endpoint: Endpoint) => Promise<T>,
  ): Promise<T> {
    const { endpoint, steps } = await abortable(this.#ports.discovery.discover(server), signal);
    try {
      if (endpoint === undefined) throw new HttpsError('unreachable', steps.at(-1) ?? 'not found');
      return await send(endpoint);
    } catch (error) {
      throw error instanceof HttpsError ? failure(server, error, steps) : error;
    }
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
    timedOut: error.kind === 'timeout',
    tooLarge: error.kind === 'too-large',
    search,
    cause: error,
  });
}
