import type { Clock, Timers } from '@hansa/net';
import type { ClientTransactionReader, Store } from '@hansa/storage';

/** How long a client may repeat a request and get the same answer. */
export const TRANSACTION_AGE_MS = 7 * 24 * 60 * 60 * 1_000;
const EVERY_MS = 60 * 60 * 1_000;
const SWEEP_MEDIA_EVERY_MS = 24 * 60 * 60 * 1_000;

export interface HousekeepingPorts {
  readonly transactions: Pick<ClientTransactionReader, 'findOldest'>;
  readonly store: Pick<Store, 'transact'>;
  /** Removes files that nothing refers to, until it is stopped. */
  readonly sweepMedia: (isStopped: () => boolean) => Promise<void>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Told of what went wrong; it is tried again an hour later. */
  readonly report: (problem: string, cause: unknown) => void;
}

/** Forgets every hour what is too old to be asked for, and every day removes the files that nothing refers to. */
export class Housekeeping {
  readonly #ports: HousekeepingPorts;
  #working: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #stopped = false;
  #sweptAt: number | undefined;

  constructor(ports: HousekeepingPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#working = this.#work();
  }

  /** Resolves when nothing is written any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { timers, report } = this.#ports;
    try {
      await this.#forgetTransactions();
    } catch (error) {
      report('what is old could not be forgotten', error);
    }
    try {
      await this.#sweepMedia();
    } catch (error) {
      report('files that nothing refers to could not be removed', error);
    }
    if (!this.#stopped) this.#cancel = timers.after(EVERY_MS, () => this.start());
  }

  async #sweepMedia(): Promise<void> {
    const { clock, sweepMedia } = this.#ports;
    const now = clock.monotonic();
    if (this.#sweptAt !== undefined && now - this.#sweptAt < SWEEP_MEDIA_EVERY_MS) return;
    await sweepMedia(() => this.#stopped);
    this.#sweptAt = now;
  }

  async #forgetTransactions(): Promise<void> {
    const { transactions, store, clock } = this.#ports;
    const limit = clock.now() - TRANSACTION_AGE_MS;
    while (!this.#stopped && ((await transactions.findOldest()) ?? limit) < limit) {
      await store.transact(({ clientTransactions }) => clientTransactions.forget(limit));
    }
  }
}
