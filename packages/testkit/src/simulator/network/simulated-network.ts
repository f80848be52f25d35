import { Readable } from 'node:stream';
import { RemoteServerError } from '@hansa/net';
import type { AnswerLimits, Transport } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import { piecesOf } from '../servers/faces.ts';
import type { Face, FaceAnswer, FaceRequest } from '../servers/faces.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import type { Lifetime } from '../world/lifetime.ts';
import type { World } from '../world/world.ts';
import type { Fate, NetworkFaults } from './network-faults.ts';

/** A request on its way. */
export interface Exchange {
  /** A server, or a user at a client. */
  readonly from: string;
  readonly to: ServerName;
  readonly face: Face;
  readonly request: FaceRequest;
  readonly limits: AnswerLimits;
}

/** What is looked at while servers talk. */
export interface NetworkWatch {
  /** The server is about to work on it. */
  arrived?(exchange: Exchange): void;
  /** The server has answered, and nobody has heard it yet. */
  answered(exchange: Exchange, answer: FaceAnswer): void;
  /** The answer has arrived. */
  heard(exchange: Exchange, answer: FaceAnswer): void;
}

/** May answer a request in place of the server that is asked: a hostile one. */
export type Impostor = (exchange: Exchange, answer: FaceAnswer) => FaceAnswer;

/** Nobody answered. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** Requests between whole servers, and from clients to theirs, as calls of their HTTP routes. */
export class SimulatedNetwork {
  readonly servers = new Map<ServerName, SimulatedServer>();
  readonly faults: NetworkFaults;
  readonly #world: World;
  readonly #watches: NetworkWatch[] = [];
  readonly impostors = new Map<ServerName, Impostor>();
  #underWay = 0;
  #sent = 0;

  constructor(world: World, faults: NetworkFaults) {
    this.#world = world;
    this.faults = faults;
  }

  /** Requests between servers that are neither answered nor given up. */
  get underWay(): number {
    return this.#underWay;
  }

  watch(watch: NetworkWatch): void {
    this.#watches.push(watch);
  }

  transportOf(from: ServerName, lifetime: Lifetime): Transport {
    const ask: Transport['request'] = async (asked) => {
      const { server, method, path, headers, body, limits, signal } = asked;
      const request = { method, path, headers, body };
      const exchange = { from, to: server, face: 'federation' as const, request, limits };
      try {
        return await this.send(exchange, { lifetime, signal });
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        const reachable = error instanceof TooLargeError;
        throw new RemoteServerError(`${server}: ${error.message}`, {
          server,
          reachable,
          transient: !reachable,
          cause: error,
        });
      }
    };
    return {
      request: ask,
      receive: async (request, read) => {
        const { body, ...answer } = await ask(request);
        const pieces = piecesOf(body);
        const arrive = this.faults.arriving(pieces.length);
        return read({ ...answer, body: Readable.from(arriving(request.server, pieces, arrive)) });
      },
      receiveFrom: ({ server, url }) => {
        const why = { server, reachable: false, transient: true };
        return Promise.reject(new RemoteServerError(`there is nothing at ${url}`, why));
      },
      close: async () => {},
    };
  }

  /**
   * Rejects with a `NoAnswerError`, or the signal's reason; does not settle any more once the caller's lifetime is over.
   */
  send(
    exchange: Exchange,
    caller: { readonly lifetime?: Lifetime; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<FaceAnswer> {
    const { from, to, face, limits, request } = exchange;
    this.#sent += 1;
    const name = `${this.#sent} ${from} → ${to}`;
    const fate = this.faults.fate();
    this.#world.note(`${name} ${request.method} ${request.path} ${describe(fate)}`);
    const waiting = new Waiting(caller.lifetime);
    if (face === 'federation') {
      this.#underWay += 1;
      waiting.onEnd(() => {
        this.#underWay -= 1;
      });
    }
    const fail = (why: string): void => waiting.fail(new NoAnswerError(why));
    const giveUp = this.#world.after(limits.timeoutMs, `${name} is given up`, () =>
      fail(`no answer within ${limits.timeoutMs} ms`),
    );
    waiting.onEnd(giveUp);
    const { signal } = caller;
    const onAbort = (): void => waiting.fail(signal?.reason as Error);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    waiting.onEnd(() => signal?.removeEventListener('abort', onAbort));

    const lose = (why: string): void => {
      if (fate.isTold) this.#world.after(fate.backMs, `${name} is refused`, () => fail(why));
    };
    if (fate.requestLost) lose('the connection was reset');
    else
      this.#world.after(fate.thereMs, `${name} arrives`, () =>
        this.#deliver(exchange, { name, fate, waiting, lose }),
      );
    if (fate.againMs !== undefined && face === 'federation') {
      const ignored = new Waiting(undefined);
      ignored.promise.catch(() => {});
      this.#world.after(fate.thereMs + fate.againMs, `${name} arrives again`, () =>
        this.#deliver(exchange, { name: `${name} again`, fate, waiting: ignored, lose: () => {} }),
      );
    }
    return waiting.promise;
  }

  #deliver(exchange: Exchange, { name, fate, waiting, lose }: Delivery): void {
    const { from, to, face, request, limits } = exchange;
    const server = this.servers.get(to);
    const { faces, lifetime } = server ?? {};
    if (this.faults.isCut(from, to)) return lose('there is no way to it');
    if (faces === undefined || lifetime === undefined) {
      this.#world.after(fate.backMs, `${name} finds nobody`, () =>
        waiting.fail(new NoAnswerError('nobody listens there')),
      );
      return;
    }
    const forget = lifetime.onEnd(() => lose('the connection was lost'));
    for (const watch of this.#watches) watch.arrived?.(exchange);
    const answering = faces.request(face, request).then((honest) => {
      forget();
      const answer = this.impostors.get(to)?.(exchange, honest) ?? honest;
      this.#world.note(`${name} is answered ${answer.status}`);
      for (const watch of this.#watches) watch.answered(exchange, answer);
      if (fate.answerLost || this.faults.isCut(to, from)) {
        lose('the connection was reset');
        return;
      }
      this.#world.after(fate.backMs, `${name} is heard`, () => {
        if (answer.body.byteLength > limits.maxBytes) {
          waiting.fail(new TooLargeError(`more than ${limits.maxBytes} bytes`));
          return;
        }
        if (waiting.isOver) return;
        for (const watch of this.#watches) watch.heard(exchange, answer);
        waiting.succeed(answer);
      });
    });
    answering.catch((error: unknown) => {
      if (lifetime.alive) server?.problems.push(`${name}: ${String(error)}`);
    });
  }
}

/** So many pieces of an answer; then, where that is not all, the connection is lost. */
function* arriving(
  server: ServerName,
  pieces: readonly Uint8Array[],
  arrive: number,
): Generator<Uint8Array> {
  yield* pieces.slice(0, arrive);
  if (arrive === pieces.length) return;
  const why = { server, reachable: false, transient: true };
  throw new RemoteServerError(`${server}: the connection was reset`, why);
}

interface Delivery {
  readonly name: string;
  readonly fate: Fate;
  readonly waiting: Waiting;
  readonly lose: (why: string) => void;
}

class TooLargeError extends NoAnswerError {}

/** Somebody who waits for an answer, unless dead. */
class Waiting {
  readonly promise: Promise<FaceAnswer>;
  readonly #resolve: (answer: FaceAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #lifetime: Lifetime | undefined;
  readonly #onEnd: (() => void)[] = [];
  #isOver = false;

  constructor(lifetime: Lifetime | undefined) {
    const { promise, resolve, reject } = Promise.withResolvers<FaceAnswer>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#lifetime = lifetime;
    if (lifetime !== undefined) this.#onEnd.push(lifetime.onEnd(() => void this.#finish()));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  onEnd(callback: () => void): void {
    this.#onEnd.push(callback);
  }

  succeed(answer: FaceAnswer): void {
    if (this.#finish() && this.#lifetime?.alive !== false) this.#resolve(answer);
  }

  fail(error: Error): void {
    if (this.#finish() && this.#lifetime?.alive !== false) this.#reject(error);
  }

  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    for (const callback of this.#onEnd) callback();
    return true;
  }
}

function describe({ requestLost, answerLost, thereMs, backMs, againMs }: Fate): string {
  const lost = `${requestLost ? ' lost' : ''}${answerLost ? ' answer-lost' : ''}`;
  return `${thereMs}+${backMs}${againMs === undefined ? '' : ` again ${againMs}`}${lost}`;
}
