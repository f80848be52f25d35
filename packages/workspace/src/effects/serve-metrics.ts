import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Log } from '@hansa/homeserver';
import type { Metrics } from '../metrics/create-metrics.ts';
import { listen } from '../listen.ts';

/** A Prometheus or two, and somebody who looks. */
const MAX_CONNECTIONS = 32;

interface MetricsPorts {
  readonly metrics: Pick<Metrics, 'render'>;
  readonly address: { readonly host: string; readonly port: number };
  readonly log: Log;
}

export interface MetricsListener extends AsyncDisposable {
  /** Of `/metrics`. */
  readonly url: string;
}

/**
 * `GET /metrics`, on a listener of its own: whoever reaches it reads it.
 * @throws StartError where it cannot listen
 */
export async function serveMetrics({
  metrics,
  address,
  log,
}: MetricsPorts): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    answer(metrics, request, response).catch((error: unknown) => {
      log.error({ err: error }, 'metrics could not be read');
      response.writeHead(500).end();
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  const app = {
    async listen(where: typeof address) {
      await once(server.listen(where), 'listening');
      return 'http://listening';
    },
    addresses: () => [server.address()].filter((bound) => bound !== null),
  };
  const url = `${await listen(app, 'metrics', address)}/metrics`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

async function answer(
  metrics: MetricsPorts['metrics'],
  { method, url }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (method !== 'GET' || url?.split('?', 1)[0] !== '/metrics') {
    response.writeHead(404).end();
    return;
  }
  const { contentType, text } = await metrics.render();
  response.writeHead(200, { 'content-type': contentType }).end(text);
}
