import { backOffMs } from '@hansa/net';
import type { Clock, Random } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { LRUCache } from 'lru-cache';

const MAX_SERVERS = 10_000;
/** Waits that are kept over a restart: the shorter ones are over by then, and names that are made up fail but a few times. */
const LONG_WAIT_MS = 60_000;
/** The longest wait for a server that seems to speak to us: anybody can say so, but not make us ask more often. */
const HEARD_WAIT_MS = 60_000;

export interface KeyFailure {
  /** In a row. */
  readonly count: number;
  /** Milliseconds since the epoch; of one that was stored it is not known when it was. */
  readonly failedAt: number | undefined;
  readonly retryAt: number;
  readonly reason: string;
}

interface Ports {
  readonly store: Pick<Store, 'transact'> & { readonly readers: Pick<Store['readers'], 'keys'> };
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'fraction'>;
}

/** Servers that did not tell their keys: each is left alone for longer and longer, over restarts too. */
export class KeyFailures {
  readonly #ports: Ports;
  readonly #known = new LRUCache<ServerName, KeyFailure>({ max: MAX_SERVERS });

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Whether its server may be asked again; sooner where a request says that it comes from there. */
  isDue({ failedAt = 0, retryAt }: KeyFailure, isHeard: boolean): boolean {
    const at = isHeard ? Math.min(retryAt, failedAt + HEARD_WAIT_MS) : retryAt;
    return at <= this.#ports.clock.now();
  }

  /** The last one of a server that has told nothing since, whether its time is over or not. */
  async find(server: ServerName): Promise<KeyFailure | undefined> {
    const known = this.#known.get(server);
    if (known !== undefined) return known;
    const stored = await this.#ports.store.readers.keys.findKeyFailure(server);
    if (stored === undefined) return undefined;
    const { count, retryAt } = stored;
    const reason = reasonOf(server, 'it did not answer lately');
    const failure = { count, failedAt: undefined, retryAt, reason };
    this.#known.set(server, failure);
    return failure;
  }

  async add(server: ServerName, before: number, why: string): Promise<KeyFailure> {
    const { store, clock, random } = this.#ports;
    const count = before + 1;
    const delayMs = backOffMs(count, random.fraction());
    const failedAt = clock.now();
    const retryAt = failedAt + delayMs;
    const failure = { count, failedAt, retryAt, reason: reasonOf(server, why) };
    this.#known.set(server, failure);
    if (delayMs >= LONG_WAIT_MS) {
      await store.transact(({ keys }) => keys.putKeyFailure({ server, count, retryAt }));
    }
    return failure;
  }

  /** The server has told its keys; who stores them deletes what is stored of its failures. */
  forget(server: ServerName): void {
    this.#known.delete(server);
  }
}

function reasonOf(server: ServerName, why: string): string {
  return `no keys of ${server}: ${why}`;
}
