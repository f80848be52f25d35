import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsIdentity } from '@hansa/testkit';

/** Of a machine: its ports 443 and 8448, and any other one that a name or a record says. */
const PORTS = ['wellKnown', 'default', 'other'] as const;
type PortName = (typeof PORTS)[number];

/** What a request below `/_matrix` came with. */
export interface Seen {
  readonly at: PortName;
  /** Not where the client sent none. */
  readonly sni: string | false;
  /** `Host`; a port in it is told by its name. */
  readonly host: string;
}

/** A machine on 127.0.0.1 with real TLS, whose ports are any free ones. */
export class FederatedHost implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly #servers = new Map<PortName, Server>();

  static async start(options: {
    /** `m.server`, with the port `:other` where it says one. */
    readonly delegate: string | undefined;
    readonly wellKnown: TlsIdentity;
    readonly matrix: TlsIdentity;
  }): Promise<FederatedHost> {
    const host = new FederatedHost();
    for (const at of PORTS) {
      const tls = at === 'wellKnown' ? options.wellKnown : options.matrix;
      await host.#listen(at, tls, options.delegate);
    }
    return host;
  }

  port(name: PortName): number {
    const address = this.#servers.get(name)?.address() as AddressInfo | undefined;
    return address?.port ?? 0;
  }

  /** With the number of the port that it names. */
  named(text: string): string {
    return text.replace(/:other$/, `:${this.port('other')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers.values()) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  }

  async #listen(at: PortName, tls: TlsIdentity, delegate: string | undefined): Promise<void> {
    const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
      if (request.url?.startsWith('/_matrix') === true) {
        const { servername } = request.socket as TLSSocket & {
          readonly servername: string | false;
        };
        const host = (request.headers.host ?? '').replace(`:${this.port('other')}`, ':other');
        this.seen.push({ at, sni: servername, host });
        response.end();
      } else if (at === 'wellKnown' && delegate !== undefined) {
        response.end(JSON.stringify({ 'm.server': this.named(delegate) }));
      } else response.writeHead(404).end();
    });
    this.#servers.set(at, server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
}
