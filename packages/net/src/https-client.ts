import { Pool } from 'undici';
import type { buildConnector, Dispatcher } from 'undici';
import { abortable } from './abortable.ts';
import { ConnectionShares } from './connection-shares.ts';
import type { Timers } from './effects.ts';
import { keyOfEndpoint } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { GuardedConnector } from './guarded-connector.ts';
import { HttpsError } from './https-error.ts';
import { KeyedSlots } from './keyed-slots.ts';
import { asHttpsError, readAll, streamBounded, tooLarge } from './read-bounded.ts';
import type { AnswerLimits, IncomingAnswer, ReadStream } from './transport.ts';

const CONNECTIONS_PER_DESTINATION = 4;
const POOLS = 200;
const KEEP_ALIVE_MS = 30_000;

/** undici wants an origin; where a pool connects to is decided by its `connect`, and `Host` is always given. */
const NO_ORIGIN = 'https://endpoint.invalid';

export interface HttpsRequest {
  readonly method: string;
  /** Path and query; goes out as it is. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly limits: AnswerLimits;
  readonly signal?: AbortSignal;
}

/** HTTPS to endpoints that are known already: connections kept per (endpoint, TLS name), answers bounded in time and bytes. */
export class HttpsClient {
  readonly #connector: GuardedConnector;
  readonly #timers: Timers;
  readonly #shares = new ConnectionShares();
  /** Before those of many: a destination that does not answer takes no more of them than it has connections. */
  readonly #slotsEach = new KeyedSlots(CONNECTIONS_PER_DESTINATION);
  /** Least recently used first. */
  readonly #pools = new Map<string, Pool>();

  constructor(ports: { readonly connector: GuardedConnector; readonly timers: Timers }) {
    this.#connector = ports.connector;
    this.#timers = ports.timers;
  }

  /** Follows no redirect. Rejects with an `HttpsError`, or with the reason of the caller's signal. */
  async exchange(endpoint: Endpoint, request: HttpsRequest): Promise<IncomingAnswer> {
    return await this.receive(endpoint, request, async ({ status, headers, body }) => ({
      status,
      headers,
      body: await readAll(body),
    }));
  }

  /** The same; `read` gets the body as it comes, within the time of the exchange. What it rejects with is rejected with. */
  async receive<T>(endpoint: Endpoint, request: HttpsRequest, read: ReadStream<T>): Promise<T> {
    const { limits, signal: callers } = request;
    const end = new AbortController();
    const cancelTimeout = this.#timers.after(limits.timeoutMs, () => {
      end.abort(new HttpsError('timeout', `no answer within ${limits.timeoutMs} ms`));
    });
    const giveUp = (): void => {
      end.abort(callers?.reason);
    };
    // Taken off again below: a caller's signal may live as long as the server.
    callers?.addEventListener('abort', giveUp, { once: true });
    try {
      callers?.throwIfAborted();
      const key = keyOfEndpoint(endpoint);
      const send = () => this.#sendAndNote(key, endpoint, { ...request, signal: end.signal }, read);
      const answer = this.#slotsEach.run(
        key,
        () => this.#shares.run(key, send, end.signal),
        end.signal,
      );
      // Who gives up goes at once; the place is held as long as the connection is still being made.
      return await abortable(answer, end.signal);
    } catch (error) {
      callers?.throwIfAborted();
      throw end.signal.aborted ? asHttpsError(end.signal.reason) : error;
    } finally {
      cancelTimeout();
      callers?.removeEventListener('abort', giveUp);
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  /** A destination that gave no answer, in its time or at all, waits with its like from now on. */
  async #sendAndNote<T>(
    key: string,
    endpoint: Endpoint,
    request: HttpsRequest & { readonly signal: AbortSignal },
    read: ReadStream<T>,
  ): Promise<T> {
    const { signal } = request;
    try {
      const outcome = await this.#send(key, endpoint, request, read);
      this.#shares.note(key, 'answering');
      return outcome;
    } catch (error) {
      // Who asked gave up, where the reason is none of ours; or could not use what came.
      const failure: unknown = signal.aborted ? signal.reason : error;
      if (failure instanceof HttpsError && failure.kind !== 'too-large') {
        this.#shares.note(key, 'failing');
      }
      throw failure;
    }
  }

  async #send<T>(
    key: string,
    endpoint: Endpoint,
    request: HttpsRequest & { readonly signal: AbortSignal },
    read: ReadStream<T>,
  ): Promise<T> {
    const answer = await this.#ask(this.#poolOf(key, endpoint), endpoint, request);
    const received = Object.entries(answer.headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name, first] as const];
    });
    const headers = new Map(received);
    const { maxBytes } = request.limits;
    try {
      if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
      const body = streamBounded(answer.body, maxBytes);
      return await read({ status: answer.statusCode, headers, body });
    } finally {
      // Nothing, where it was read to its end.
      answer.body.on('error', () => {}).destroy();
    }
  }

  async #ask(
    pool: Pool,
    { hostHeader }: Endpoint,
    { method, path, headers, body, signal }: HttpsRequest & { readonly signal: AbortSignal },
  ): Promise<Dispatcher.ResponseData> {
    try {
      return await pool.request({
        method,
        path,
        headers: { ...headers, host: hostHeader },
        body: body ?? null,
        signal,
      });
    } catch (error) {
      throw asHttpsError(error);
    }
  }

  #poolOf(key: string, endpoint: Endpoint): Pool {
    const pool = this.#pools.get(key) ?? this.#createPool(endpoint);
    this.#pools.delete(key);
    this.#pools.set(key, pool);
    const oldest = this.#pools.size > POOLS ? this.#pools.entries().next().value : undefined;
    if (oldest !== undefined) {
      this.#pools.delete(oldest[0]);
      // Lets its requests finish first.
      void oldest[1].close();
    }
    return pool;
  }

  #createPool(endpoint: Endpoint): Pool {
    return new Pool(NO_ORIGIN, {
      connections: CONNECTIONS_PER_DESTINATION,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // One deadline bounds the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
      connect: (_options, callback) => {
        void this.#connect(endpoint, callback);
      },
    });
  }

  async #connect(endpoint: Endpoint, callback: buildConnector.Callback): Promise<void> {
    let socket;
    try {
      socket = await this.#connector.connect(endpoint);
    } catch (error) {
      callback(asHttpsError(error), null);
      return;
    }
    callback(null, socket);
  }
}
