import type { ServerName, UserId } from '@hansa/protocol';
import { NoAnswerError } from '../network/simulated-network.ts';
import type { SimulatedNetwork } from '../network/simulated-network.ts';
import type { FaceAnswer, FaceRequest } from '../servers/faces.ts';
import type { World } from '../world/world.ts';

export interface ClientAnswer {
  readonly status: number;
  /** Parsed JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

const LIMITS = { maxBytes: 50 * 1024 * 1024, timeoutMs: 90_000 };
const ATTEMPTS = 6;
const PAUSE_MS = 2_000;
export const API = '/_matrix/client/v3';
export const UPLOAD = '/_matrix/media/v3/upload';
export const DOWNLOAD = '/_matrix/client/v1/media/download';

type Method = FaceRequest['method'];

/** Somebody at a client: requests to the own server, over a network that may fail. */
export class SimulatedClient {
  readonly userId: UserId;
  readonly server: ServerName;
  readonly #network: SimulatedNetwork;
  readonly #world: World;
  #token: string | undefined;
  #transactions = 0;

  constructor(
    userId: UserId,
    server: ServerName,
    around: { readonly network: SimulatedNetwork; readonly world: World },
  ) {
    this.userId = userId;
    this.server = server;
    this.#network = around.network;
    this.#world = around.world;
  }

  async register(): Promise<void> {
    const answer = await this.request('POST', `${API}/register`, {
      username: this.userId.slice(1).split(':')[0],
      password: 'password',
      auth: { type: 'm.login.dummy' },
    });
    if (answer.status !== 200) throw new Error(`${this.userId} could not register`);
    this.#token = String(answer.body['access_token']);
  }

  /** An id for a request that may be repeated. */
  newTransactionId(): string {
    this.#transactions += 1;
    return `t${this.#transactions}`;
  }

  /** @throws NoAnswerError */
  async request(method: Method, path: string, body?: object): Promise<ClientAnswer> {
    const json = body === undefined ? undefined : JSON.stringify(body);
    return answerOf(await this.#ask(method, path, json, 'application/json'));
  }

  /** Sends a file to the own server; `undefined` as of `insist`. */
  async upload(bytes: Uint8Array): Promise<ClientAnswer | undefined> {
    const answer = await this.#insist('POST', UPLOAD, bytes, 'application/octet-stream');
    return answer && answerOf(answer);
  }

  /** Gets a file by its address `mxc://…`; `undefined` as of `insist`. */
  async download(address: string): Promise<FaceAnswer | undefined> {
    return this.#insist('GET', `${DOWNLOAD}/${address.slice('mxc://'.length)}`);
  }

  /** Again where nobody answered, as clients do with what may be repeated; `undefined` where nobody ever did. */
  async insist(method: Method, path: string, body?: object): Promise<ClientAnswer | undefined> {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.#insist(method, path, json, 'application/json');
    return answer && answerOf(answer);
  }

  async #insist(
    method: Method,
    path: string,
    body?: string | Uint8Array,
    contentType?: string,
  ): Promise<FaceAnswer | undefined> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        return await this.#ask(method, path, body, contentType);
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        await this.#world.pause(PAUSE_MS * attempt, `${this.userId} tries again`);
      }
    }
    return undefined;
  }

  /** @throws NoAnswerError */
  async #ask(
    method: Method,
    path: string,
    body?: string | Uint8Array,
    contentType = '',
  ): Promise<FaceAnswer> {
    return this.#network.send({
      from: this.userId,
      to: this.server,
      face: 'client',
      request: {
        method,
        path,
        headers: {
          ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
          ...(body === undefined ? {} : { 'content-type': contentType }),
        },
        ...(body === undefined ? {} : { body }),
      },
      limits: LIMITS,
    });
  }
}

function answerOf({ status, body }: FaceAnswer): ClientAnswer {
  const text = Buffer.from(body).toString();
  return {
    status,
    body: text === '' ? {} : (JSON.parse(text) as object as ClientAnswer['body']),
  };
}

/** Identifiers as they stand in a path. */
export function path(...parts: readonly string[]): string {
  return `${API}/${parts.map(encodeURIComponent).join('/')}`;
}
