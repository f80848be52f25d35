import type { ServerName } from '@hansa/protocol';
import type { Destination, Refusal } from '@hansa/storage';
import type { LanePorts } from './outbox-ports.ts';

/** How long a row waits at most for a commit to ride on. */
const RIDE_MS = 1_000;

/**
 * Rows of destinations on their way to the store, for all lanes. What was acknowledged needs no commit of its own: it rides
 * on that of the next attempt, whosever that is, or is written after a second. Who is killed before sends the same
 * transaction once more.
 */
export class DestinationRows {
  readonly #ports: Pick<LanePorts, 'store' | 'effects' | 'log'>;
  readonly #waiting = new Map<ServerName, Destination>();
  /** Handed in, and not committed yet. */
  readonly #writing = new Map<ServerName, Destination>();
  #refusals: Refusal[] = [];
  #cancelRide: (() => void) | undefined;

  constructor(ports: Pick<LanePorts, 'store' | 'effects' | 'log'>) {
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
    this.#refusals.push(...refusals);
    this.#cancelRide ??= this.#ports.effects.timers.after(RIDE_MS, () => void this.flush());
  }

  /** Resolves when it is durable, with all that waits. */
  async now(destination: Destination, refusals: readonly Refusal[] = []): Promise<void> {
    this.#waiting.delete(destination.server);
    await this.#write([...this.#takeWaiting(), destination], refusals);
  }

  /** Resolves when all that waits is durable. What cannot be written is reported, and waits on. */
  async flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    try {
      await this.#write(this.#takeWaiting(), []);
    } catch (error) {
      this.#ports.log.error({ err: error }, 'what servers have taken could not be stored');
    }
  }

  #takeWaiting(): readonly Destination[] {
    this.#cancelRide?.();
    this.#cancelRide = undefined;
    const rows = [...this.#waiting.values()];
    this.#waiting.clear();
    return rows;
  }

  async #write(rows: readonly Destination[], further: readonly Refusal[]): Promise<void> {
    const refusals = [...this.#refusals, ...further];
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

  /** Whoever could not store its own row puts another in its place; the others are told of nothing. */
  #putBack(rows: readonly Destination[], refusals: readonly Refusal[]): void {
    for (const row of rows) {
      const isNewest = this.#writing.get(row.server) === row && !this.#waiting.has(row.server);
      if (isNewest) this.later(row, []);
    }
    this.#refusals.push(...refusals);
  }
}
