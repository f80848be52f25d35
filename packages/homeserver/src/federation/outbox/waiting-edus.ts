import type { Clock } from '@hansa/net';
import type { JsonObject } from '@hansa/protocol';
import type { OutgoingEdu } from '../../ephemeral/index.ts';

/** Source: server-server API, "Transactions". */
const MAX_EDUS = 100;
/** For one server that cannot be reached; those that wait longest are dropped first. */
const MAX_WAITING = 1_000;

interface Waiting {
  readonly edu: JsonObject;
  readonly until: number;
}

/**
 * EDUs for one server, in memory: the latest of each kind, in the order in which they came. None of them is lost for
 * good: of what a restart forgets the next one says the same.
 */
export class WaitingEdus {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  put({ key, edu, worthForMs = Infinity }: OutgoingEdu): void {
    this.#waiting.delete(key);
    this.#waiting.set(key, { edu, until: this.#clock.monotonic() + worthForMs });
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) this.#waiting.delete(oldest);
  }

  /** As many as a transaction takes; they wait on until `taken` is called. */
  next(): { readonly edus: readonly JsonObject[]; taken(): void } {
    const nowMs = this.#clock.monotonic();
    for (const [key, { until }] of this.#waiting) if (until <= nowMs) this.#waiting.delete(key);
    const batch = [...this.#waiting].slice(0, MAX_EDUS);
    return {
      edus: batch.map(([, { edu }]) => edu),
      taken: () => {
        // What came meanwhile under the same key is another one.
        for (const [key, sent] of batch) {
          if (this.#waiting.get(key) === sent) this.#waiting.delete(key);
        }
      },
    };
  }
}
