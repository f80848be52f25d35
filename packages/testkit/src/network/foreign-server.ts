import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { createServer, request as requestHttps, type Server } from 'node:https';
import {
  canonicalJson,
  createSigningKey,
  publishServerKeys,
  signRequest,
  type JsonObject,
  type JsonValue,
  type PublishedKeys,
  type ServerName,
  type SigningKey,
} from '@hansa/protocol';
import type { TestCa } from '../test-ca.ts';

const HOUR_MS = 3_600_000;
const SEED_BYTES = 32;

/** A server that is called, and where its federation API listens. */
export interface FederationTarget {
  readonly serverName: string;
  readonly federationUrl: string;
}

export interface ForeignRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface ForeignAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/**
 * Another homeserver that has a name, a key that it publishes, and nothing else: it sends what a test makes it send, and
 * answers what it is asked with 404. So it can be as honest or as hostile as a test likes.
 */
export class ForeignServer implements AsyncDisposable {
  readonly serverName: ServerName;
  readonly key: SigningKey;
  /** What it says of its keys from now on. */
  published: PublishedKeys;
  readonly #server: Server;
  readonly #authority: string;
  #transactions = 0;

  private constructor(serverName: ServerName, server: Server, authority: string) {
    this.serverName = serverName;
    this.key = createSigningKey('a', new Uint8Array(SEED_BYTES).fill(serverName.length));
    const validUntilTs = Date.now() + HOUR_MS;
    this.published = { serverName, keys: [this.key], retired: [], validUntilTs };
    this.#server = server;
    this.#authority = authority;
    server.on('request', ({ method, url }, response) => {
      response.setHeader('content-type', 'application/json');
      if (url?.startsWith('/_matrix/key/v2/server')) {
        response.end(JSON.stringify(publishServerKeys(this.published)));
      } else if (method === 'PUT' && url?.startsWith('/_matrix/federation/v1/send/')) {
        response.end('{"pdus":{}}');
      } else {
        response.writeHead(404).end('{"errcode":"M_NOT_FOUND","error":"Not here."}');
      }
    });
  }

  /** Listens on loopback when it resolves. */
  static async start(options: {
    readonly serverName: string;
    readonly port: number;
    readonly ca: TestCa;
  }): Promise<ForeignServer> {
    const server = createServer(await options.ca.issue([options.serverName]));
    const name = options.serverName as ServerName;
    const foreign = new ForeignServer(name, server, options.ca.certificate);
    server.listen(options.port, '127.0.0.1');
    await once(server, 'listening');
    return foreign;
  }

  /** The `Authorization` header of a request of this server's, or of one as which `as` poses. */
  authorize(
    destination: string,
    { method, path }: Pick<ForeignRequest, 'method' | 'path'>,
    content?: JsonValue,
    as: { readonly origin?: string; readonly key?: SigningKey } = {},
  ): string {
    const signed = {
      method,
      uri: path,
      origin: (as.origin ?? this.serverName) as ServerName,
      destination: destination as ServerName,
      ...(content === undefined ? {} : { content }),
    };
    return signRequest(signed, as.key ?? this.key);
  }

  /** A signed request. */
  async call(
    target: FederationTarget,
    method: string,
    path: string,
    content?: JsonObject,
  ): Promise<ForeignAnswer> {
    const authorization = this.authorize(target.serverName, { method, path }, content);
    return this.request(target, {
      method,
      path,
      headers: { authorization },
      ...(content === undefined ? {} : { body: canonicalJson(content) }),
    });
  }

  /** A transaction with a new id. */
  send(target: FederationTarget, pdus: readonly JsonValue[]): Promise<ForeignAnswer> {
    this.#transactions += 1;
    const path = `/_matrix/federation/v1/send/${this.serverName}-${this.#transactions}`;
    const content = { origin: this.serverName, origin_server_ts: Date.now(), pdus };
    return this.call(target, 'PUT', path, content);
  }

  /** A request as it is, signed or not. */
  async request(target: FederationTarget, sent: ForeignRequest): Promise<ForeignAnswer> {
    const url = new URL(sent.path, target.federationUrl);
    const options = {
      method: sent.method,
      headers: { 'content-type': 'application/json', host: target.serverName, ...sent.headers },
      agent: false as const,
    };
    const tls = { ca: this.#authority, servername: target.serverName };
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, ...tls })
        : requestHttp(url, options);
    // Who is refused before the end of a large body hears of it twice.
    request.on('error', () => {});
    request.end(sent.body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
    const body = text === '' ? {} : (JSON.parse(text) as JsonObject);
    return { status: response.statusCode ?? 0, body };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
