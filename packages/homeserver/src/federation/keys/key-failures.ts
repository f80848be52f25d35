import { backOffMs } from '@hansa/net';
import type { Clock, Random } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { LRUCache } from 'lru-cache';

const MAX_SERVERS = 10_000;
/** Waits that are kept over a restart: the shorter ones are over by then, and names that are made up fail but a few times. */
const LONG_WAIT_MS = 60_000;

export interface KeyFailure {
  /** In a row. */
  readonly count: number;
  /** Milliseconds since the epoch. */
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

  /** The last one of a server that has told nothing since, whether its time is over or not. */
  async find(server: ServerName): Promise<KeyFailure | undefined> {
    const known = this.#known.get(server);
    if (known !== undefined) return known;
    const stored = await this.#ports.store.readers.keys.findKeyFailure(server);
    if (stored === undefined) return undefined;
    const { count, retryAt } = stored;
    const failure = { count, retryAt, reason: reasonOf(server, 'it did not answer lately') };
    this.#known.set(server, failure);
    return failure;
  }

  async add(server: ServerName, before: number, why: string): Promise<KeyFailure> {
    const { store, clock, random } = this.#ports;
    const count = before + 1;
    const delayMs = backOffMs(count, random.fraction());
    const failure = { count, retryAt: clock.now() + delayMs, reason: reasonOf(server, why) };
    this.#known.set(server, failure);
    if (delayMs >= LONG_WAIT_MS) {
      const { retryAt } = failure;
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
