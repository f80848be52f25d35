import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** When a connection is cut: before a COMMIT reaches the server, or after it, before the server's answer is heard. */
export type Cut = 'before COMMIT' | 'after COMMIT';

/** What the server says when the last statement before a COMMIT, and when the COMMIT, has been done. */
const FINISHED = 'UPDATE 1\0';
const COMMITTED = 'COMMIT\0';

/** Stands between a store and PostgreSQL, and cuts the connection where it is told to, once. */
export class CuttingProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: Cut | undefined;
  #cuts = 0;

  private constructor(socketPath: string) {
    this.#server = createServer((client) => this.#join(client, connect(socketPath)));
  }

  /** `socketPath` is PostgreSQL's own socket. */
  static async listen(socketPath: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(socketPath);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How often it has cut a connection. */
  get cuts(): number {
    return this.#cuts;
  }

  /** The next transaction that ends loses its connection. */
  cut(when: Cut): void {
    this.#cut = when;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, server: Socket): void {
    let isFinished = false;
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
    const cut = (): void => {
      this.#cut = undefined;
      this.#cuts += 1;
      end();
    };
    client.on('data', (chunk) => {
      if (this.#cut === 'before COMMIT' && isFinished) cut();
      else server.write(chunk);
    });
    server.on('data', (chunk) => {
      const answers = chunk.toString('latin1');
      if (answers.includes(FINISHED)) isFinished = this.#cut !== undefined;
      if (this.#cut === 'after COMMIT' && isFinished && answers.includes(COMMITTED)) cut();
      else client.write(chunk);
    });
  }
}
