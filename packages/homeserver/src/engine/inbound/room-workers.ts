import type { Timers } from '@hansa/net';
import type { RoomId } from '@hansa/protocol';

/** Rooms that a start begins to work off together, and how long after each other. */
const STARTED_AT_ONCE = 20;
const STARTED_EVERY_MS = 1_000;

interface WorkersPorts {
  readonly work: (roomId: RoomId) => Promise<void>;
  readonly timers: Pick<Timers, 'after'>;
  readonly report: (problem: string, cause: unknown) => void;
}

/**
 * One run a room at a time. What is called for while one is under way begins when that has ended, once however
 * often it was called for; what is called for later has one timer a room.
 */
export class RoomWorkers {
  readonly #ports: WorkersPorts;
  readonly #running = new Map<RoomId, { again: boolean; readonly ended: Promise<void> }>();
  readonly #cancelLater = new Map<RoomId, () => void>();
  #stopped = false;

  constructor(ports: WorkersPorts) {
    this.#ports = ports;
  }

  poke(roomId: RoomId): void {
    if (this.#stopped) return;
    const running = this.#running.get(roomId);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#running.set(roomId, { again: true, ended });
    void this.#run(roomId).then(resolve);
  }

  /** For work that an earlier run of the process has left: so many rooms at once, and the others after them. */
  pokeAll(roomIds: readonly RoomId[]): void {
    for (const [n, roomId] of roomIds.entries()) {
      if (n < STARTED_AT_ONCE) this.poke(roomId);
      else this.pokeAfter(roomId, Math.floor(n / STARTED_AT_ONCE) * STARTED_EVERY_MS);
    }
  }

  /** In place of what was called for later before. */
  pokeAfter(roomId: RoomId, delayMs: number): void {
    if (this.#stopped) return;
    this.#cancelLater.get(roomId)?.();
    const cancel = this.#ports.timers.after(delayMs, () => {
      this.#cancelLater.delete(roomId);
      this.poke(roomId);
    });
    this.#cancelLater.set(roomId, cancel);
  }

  /** Resolves when the runs under way have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#cancelLater.values()) cancel();
    this.#cancelLater.clear();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async #run(roomId: RoomId): Promise<void> {
    const state = this.#running.get(roomId);
    while (state?.again === true && !this.#stopped) {
      state.again = false;
      try {
        await this.#ports.work(roomId);
      } catch (error) {
        if (!this.#stopped) this.#ports.report(`working off ${roomId} failed`, error);
      }
    }
    this.#running.delete(roomId);
  }
}
