import type { RoomId } from '@hansa/protocol';

/**
 * One run a room at a time. What is called for while one is under way begins when that has ended, once however
 * often it was called for.
 */
export class RoomWorkers {
  readonly #work: (roomId: RoomId) => Promise<void>;
  readonly #report: (problem: string, cause: unknown) => void;
  readonly #running = new Map<RoomId, { again: boolean }>();
  #stopped = false;

  constructor(
    work: (roomId: RoomId) => Promise<void>,
    report: (problem: string, cause: unknown) => void,
  ) {
    this.#work = work;
    this.#report = report;
  }

  poke(roomId: RoomId): void {
    if (this.#stopped) return;
    const running = this.#running.get(roomId);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    void this.#run(roomId);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(roomId: RoomId): Promise<void> {
    const state = { again: false };
    this.#running.set(roomId, state);
    do {
      state.again = false;
      try {
        await this.#work(roomId);
      } catch (error) {
        if (!this.#stopped) this.#report(`working off ${roomId} failed`, error);
      }
    } while (state.again && !this.#stopped);
    this.#running.delete(roomId);
  }
}
