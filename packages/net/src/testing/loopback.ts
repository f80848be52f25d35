import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerName } from '@hansa/protocol';
import { TestCa } from '@hansa/testkit';
import type { TlsIdentity } from '@hansa/testkit';
import { createTransport } from '../create-transport.ts';
import type { TransportOptions } from '../create-transport.ts';
import { DnsError } from '../dns/dns-error.ts';
import type { Resolver } from '../dns/resolver.ts';
import { systemEffects } from '../system-effects.ts';
import type { IncomingAnswer, OutgoingRequest, Transport } from '../transport.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Real servers on 127.0.0.1 and transports that reach them: every name leads there, and has no services. */
export class Loopback implements AsyncDisposable {
  readonly ca: TestCa;
  readonly #identity: TlsIdentity;
  readonly #stopping = new AsyncDisposableStack();

  private constructor(ca: TestCa, identity: TlsIdentity) {
    this.ca = ca;
    this.#identity = identity;
  }

  /** Its servers show a certificate for these names unless they are given another. */
  static async start(names: readonly string[]): Promise<Loopback> {
    const ca = await TestCa.create();
    return new Loopback(ca, await ca.issue(names));
  }

  async serve(
    handler: Handler,
    { key, cert }: TlsIdentity = this.#identity,
  ): Promise<{ readonly server: Server; readonly port: number }> {
    const server = createServer({ key, cert }, handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#stopping.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    return { server, port: (server.address() as AddressInfo).port };
  }

  transport(options: Partial<TransportOptions> = {}): Transport {
    const transport = createTransport({
      effects: systemEffects(),
      authorities: [this.ca.certificate],
      allowedRanges: LOOPBACK,
      resolver: resolverTo('127.0.0.1'),
      ...options,
    });
    this.closeAtEnd(transport);
    return transport;
  }

  closeAtEnd(what: { close(): Promise<void> }): void {
    this.#stopping.defer(() => what.close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stopping.disposeAsync();
  }
}

/** Of all names the same addresses, and no services. */
export function resolverTo(...addresses: readonly string[]): Resolver {
  return {
    resolveAddresses: async () => addresses,
    resolveServices: async () => {
      throw new DnsError('nothing', 'no records');
    },
  };
}

export async function get(
  transport: Transport,
  server: string,
  more: Partial<OutgoingRequest> = {},
): Promise<IncomingAnswer> {
  return await transport.request({
    server: server as ServerName,
    method: 'GET',
    path: '/x',
    headers: {},
    limits: { maxBytes: 10_000, timeoutMs: 10_000 },
    ...more,
  });
}

/** Server name, SNI and Host as the server saw them. */
export const tell: Handler = (request, response) => {
  const { servername } = request.socket as TLSSocket & { servername: unknown };
  response.end(JSON.stringify({ sni: servername, host: request.headers.host, url: request.url }));
};

export function textOf({ body }: IncomingAnswer): string {
  return Buffer.from(body).toString();
}
