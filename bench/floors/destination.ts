import { sign } from 'node:crypto';
import { Agent, request } from 'node:https';
import type { DurableLog } from './durable-log.ts';
import { KEY_ID, unpadded, type FloorKey } from './signed-event.ts';

const MAX_PDUS = 50;
const RETRY_MS = 50;

/** Where a server is. */
export interface Place {
  readonly server: string;
  readonly federationPort: number;
}

/** Hands the events of a log on to one server, one signed transaction after the other, over one connection. */
export class Destination {
  /** How many it has. */
  sent: number;
  readonly #log: DurableLog;
  readonly #origin: string;
  readonly #key: FloorKey;
  readonly #to: Place;
  readonly #agent: Agent;
  #isSending = false;
  #transactions = 0;

  constructor(
    log: DurableLog,
    { origin, key, authority }: { origin: string; key: FloorKey; authority: Buffer },
    to: Place,
  ) {
    this.#log = log;
    this.#origin = origin;
    this.#key = key;
    this.#to = to;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority });
    this.sent = log.cursor;
  }

  /** Sends what there is, and what comes while it does. A server that does not answer is asked again. */
  async sendOn(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.sent < this.#log.position) {
      const batch = this.#log.entries.slice(this.sent, this.sent + MAX_PDUS);
      try {
        await this.#send(batch.map(({ json }) => json));
        this.sent += batch.length;
        this.#log.cursor = this.sent;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.#isSending = false;
  }

  #send(pdus: readonly string[]): Promise<void> {
    this.#transactions += 1;
    const { server, federationPort: port } = this.#to;
    const path = `/_matrix/federation/v1/send/${Date.now()}-${this.#transactions}`;
    const body = `{"origin":"${this.#origin}","origin_server_ts":${Date.now()},"pdus":[${pdus.join(',')}]}`;
    const bytes = Buffer.from(signedText(this.#origin, server, path, body));
    const signature = unpadded(sign(null, bytes, this.#key.privateKey));
    const headers = {
      host: server,
      authorization: `X-Matrix origin="${this.#origin}",destination="${server}",key="${KEY_ID}",sig="${signature}"`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const options = { host: '127.0.0.1', port, servername: server, agent: this.#agent };
    request({ ...options, method: 'PUT', path, headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(String(response.statusCode)));
      });
    })
      .on('error', reject)
      .end(body);
    return promise;
  }
}

/** What the signature of a transaction covers, which is canonical as its body is. */
export function signedText(origin: string, destination: string, uri: string, body: string): string {
  return `{"content":${body},"destination":"${destination}","method":"PUT","origin":"${origin}","uri":"${uri}"}`;
}
