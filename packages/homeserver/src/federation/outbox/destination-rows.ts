import type { ServerName } from '@hansa/protocol';
import type { Destination, Refusal } from '@hansa/storage';
import type { LanePorts } from './outbox-ports.ts';

type RowPorts = Pick<LanePorts, 'store' | 'effects' | 'log'>;

/** How long a row waits at most for others. */
const GATHER_MS = 1_000;
/** Kept while nothing can be stored; of more the oldest are lost, and their senders see them as delivered. */
const MAX_REFUSALS = 10_000;

/**
 * Rows of destinations on their way to the store, for all lanes. What was acknowledged needs no commit of its own: a second's
 * worth of it is written together. Who is killed before sends it once more.
 */
export class DestinationRows {
  readonly #ports: RowPorts;
  readonly #waiting = new Map<ServerName, Destination>();
  /** Handed in, and not committed yet. */
  readonly #writing = new Map<ServerName, Destination>();
  #refusals: Refusal[] = [];
  #cancelFlush: (() => void) | undefined;
  /** Resolves when no flush is under way. */
  #flushed = Promise.resolve();
  #stopped = false;

  constructor(ports: RowPorts) {
    this.#ports = ports;
  }

  /** What is known of a server, whether or not it is written. */
  async find(server: ServerName): Promise<Destination | undefined> {
    const known = this.#waiting.get(server) ?? this.#writing.get(server);
    return known ?? (await this.#ports.store.readers.destinations.find(server));
  }

  /** Written with what is written next. */
  later(destination: Destination, refusals: readonly Refusal[]): void {
    this.#waiting.set(destination.server, destination);
    if (refusals.length > 0) this.#keepRefusals(this.#refusals, refusals);
    if (this.#stopped) return;
    this.#cancelFlush ??= this.#ports.effects.timers.after(GATHER_MS, () => {
      const flushing = this.#flush();
      this.#flushed = this.#flushed.then(() => flushing);
    });
  }

  /** Resolves when it is durable, with all that waits. */
  async now(destination: Destination): Promise<void> {
    this.#waiting.set(destination.server, destination);
    await this.#write();
  }

  /** Resolves when what waits is written, if that can be: what cannot is sent once more by the next run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#flushed;
    await this.#flush();
  }

  /** What cannot be written is reported, and waits on. */
  async #flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    try {
      await this.#write();
    } catch (error) {
      this.#ports.log.error({ err: error }, 'what servers have taken could not be stored');
    }
  }

  #takeWaiting(): readonly Destination[] {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const rows = [...this.#waiting.values()];
    this.#waiting.clear();
    return rows;
  }

  async #write(): Promise<void> {
    const rows = this.#takeWaiting();
    const refusals = this.#refusals;
    this.#refusals = [];
    for (const row of rows) this.#writing.set(row.server, row);
    try {
      await this.#ports.store.transact(({ destinations }) => {
        for (const row of rows) destinations.put(row);
        for (const refusal of refusals) destinations.insertRefusal(refusal);
      });
    } catch (error) {
      this.#putBack(rows, refusals);
      throw error;
    } finally {
      for (const row of rows) {
        if (this.#writing.get(row.server) === row) this.#writing.delete(row.server);
      }
    }
  }

  /** But for what is known better by now. */
  #putBack(rows: readonly Destination[], refusals: readonly Refusal[]): void {
    for (const row of rows) {
      const isNewest = this.#writing.get(row.server) === row && !this.#waiting.has(row.server);
      if (isNewest) this.later(row, []);
    }
    this.#keepRefusals(refusals, this.#refusals);
  }

  #keepRefusals(older: readonly Refusal[], newer: readonly Refusal[]): void {
    this.#refusals = [...older, ...newer].slice(-MAX_REFUSALS);
  }
}
