import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  canonicalJson,
  createSigningKey,
  eventIdOf,
  getRoomVersion,
  hashAndSignEvent,
  publishServerKeys,
  signRequest,
  type EventId,
  type JsonObject,
  type ServerName,
  type SigningKey,
} from '@hansa/protocol';
import type { TestCa } from '@hansa/testkit';
import { listenerOf } from './floors/serve.ts';

const KEYS_VALID_MS = 86_400_000;
const SOCKETS = 8;

/** Of all rooms here. */
export const RULES = getRoomVersion('12');

/** What a peer is asked besides its keys. */
export interface PeerRequest {
  /** Who is asked. */
  readonly server: string;
  readonly method: string;
  /** Percent-decoded segments after `/_matrix/federation/`, such as `['v1', 'send', '7']`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
}

/** Answers with JSON text; `undefined` for 404. May take its time. */
export type AnswerPeer = (request: PeerRequest) => string | undefined | Promise<string | undefined>;

/** The server that is measured, as its peers reach it. */
export interface PeerTarget {
  readonly serverName: string;
  readonly federationPort: number;
}

/** What a server has of a room that it joined. */
export interface PeerJoin {
  readonly event: JsonObject;
  /** The state before. */
  readonly state: readonly JsonObject[];
}

/** The only user of a server that this process plays. */
export function userOf(server: string): string {
  return `@visitor:${server}`;
}

/** Of the version that all rooms have here. @throws Error for what is no event */
export function eventIdIn(event: JsonObject): EventId {
  const eventId = eventIdOf(event, RULES);
  if (!eventId.ok) throw new Error(eventId.reason);
  return eventId.value;
}

/**
 * Servers of many names in this process and on one port, so that what they cost is not counted. Each has a key of its own
 * and signs what it asks; what it is asked, it believes.
 */
export class PeerServers implements AsyncDisposable {
  readonly port: number;
  readonly names: readonly string[];
  /** What is not set is answered by `{"pdus":{}}`, as an accepted transaction is. */
  answer: AnswerPeer = () => '{"pdus":{}}';
  readonly #server: Server;
  #silent: (() => void) | undefined;
  readonly #agent: Agent;
  readonly #keys = new Map<string, SigningKey>();
  readonly #documents = new Map<string, string>();

  private constructor(server: Server, names: readonly string[], authority: string) {
    this.#server = server;
    this.names = names;
    this.#agent = new Agent({ keepAlive: true, maxSockets: SOCKETS, ca: authority });
    this.port = (server.address() as AddressInfo).port;
    server.on(
      'request',
      listenerOf(({ method = '', url = '', headers }, body, reply) => {
        const { host = '' } = headers;
        const name = this.names.includes(host) ? host : hostOf(host);
        if (url.startsWith('/_matrix/key/')) return reply(this.#documentOf(name));
        const { pathname, searchParams: query } = new URL(url, 'https://peer.invalid');
        const path = pathname.split('/').slice(3).map(decodeURIComponent);
        const asked = { server: name, method, path, query, body };
        void Promise.resolve(this.answer(asked)).then((json) =>
          json === undefined ? reply('{"errcode":"M_NOT_FOUND"}', 404) : reply(json),
        );
      }),
    );
  }

  /** They answer for all of the names when this resolves. */
  static async start(ca: TestCa, names: readonly string[]): Promise<PeerServers> {
    const server = await listen(ca, ['peers.bench', ...names]);
    return new PeerServers(server, names, ca.certificate);
  }

  /** One server that is called by its port on this machine, for those who cannot be told where a name is. */
  static async startLocal(ca: TestCa): Promise<PeerServers> {
    const server = await listen(ca, ['localhost']);
    const { port } = server.address() as AddressInfo;
    return new PeerServers(server, [`localhost:${port}`], ca.certificate);
  }

  keyOf(server: string): SigningKey {
    const known = this.#keys.get(server);
    if (known !== undefined) return known;
    const key = createSigningKey('1', createHash('sha256').update(server).digest());
    this.#keys.set(server, key);
    return key;
  }

  /** A signed request. @throws Error for an answer other than 200 */
  async ask<Answer>(
    origin: string,
    { serverName, federationPort }: PeerTarget,
    { method, path, content }: { method: string; path: string; content?: JsonObject | undefined },
  ): Promise<Answer> {
    const authorization = signRequest(
      {
        method,
        uri: path,
        origin: origin as ServerName,
        destination: serverName as ServerName,
        ...(content === undefined ? {} : { content }),
      },
      this.keyOf(origin),
    );
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const body = content === undefined ? '' : canonicalJson(content);
    request(
      {
        agent: this.#agent,
        host: '127.0.0.1',
        port: federationPort,
        servername: hostOf(serverName),
        method,
        path,
        headers: {
          authorization,
          host: serverName,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        text(response).then((received) => {
          if (response.statusCode === 200) resolve(JSON.parse(received) as Answer);
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${received}`));
        }, reject);
      },
    )
      .on('error', reject)
      .end(body);
    return promise;
  }

  /** Brings a user of the origin into the room, through the target. */
  async join(origin: string, target: PeerTarget, roomId: string): Promise<PeerJoin> {
    const { event, answer } = await this.#changeMembership(origin, target, {
      roomId,
      membership: 'join',
    });
    return { event, state: (answer as { state: readonly JsonObject[] }).state };
  }

  async leave(origin: string, target: PeerTarget, roomId: string): Promise<void> {
    await this.#changeMembership(origin, target, { roomId, membership: 'leave' });
  }

  /** Nothing answers at their port any more. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** From now on connections to them are taken, and nothing ever comes back. */
  async fallSilent(): Promise<void> {
    await this.stop();
    const sockets = new Set<Socket>();
    const silent = createTcpServer((socket) => {
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    });
    silent.listen(this.port, '127.0.0.1');
    await once(silent, 'listening');
    this.#silent = () => {
      silent.close();
      for (const socket of sockets) socket.destroy();
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    this.#silent?.();
    await this.stop();
  }

  async #changeMembership(
    origin: string,
    target: PeerTarget,
    { roomId, membership }: { roomId: string; membership: 'join' | 'leave' },
  ): Promise<{ readonly event: JsonObject; readonly answer: unknown }> {
    const room = encodeURIComponent(roomId);
    const user = encodeURIComponent(userOf(origin));
    const query = membership === 'join' ? '?ver=12' : '';
    const template = await this.ask<{ event: JsonObject }>(origin, target, {
      method: 'GET',
      path: `/_matrix/federation/v1/make_${membership}/${room}/${user}${query}`,
    });
    const dated: JsonObject = { ...template.event, origin_server_ts: Date.now() };
    const event = hashAndSignEvent(dated, RULES, origin, this.keyOf(origin));
    const answer = await this.ask<unknown>(origin, target, {
      method: 'PUT',
      path: `/_matrix/federation/v2/send_${membership}/${room}/${encodeURIComponent(eventIdIn(event))}`,
      content: event,
    });
    return { event, answer };
  }

  #documentOf(server: string): string {
    const known = this.#documents.get(server);
    if (known !== undefined) return known;
    const document = publishServerKeys({
      serverName: server as ServerName,
      keys: [this.keyOf(server)],
      retired: [],
      validUntilTs: Date.now() + KEYS_VALID_MS,
    });
    const text = canonicalJson(document);
    this.#documents.set(server, text);
    return text;
  }
}

async function listen(ca: TestCa, names: readonly string[]): Promise<Server> {
  const server = createServer(await ca.issue(names));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Without the port. */
function hostOf(serverName: string): string {
  return serverName.replace(/:\d+$/, '');
}
