import type { Deadline, MatrixClient } from './matrix-client.ts';

/**
 * Keeps a client syncing in the background and notes when each event became visible to it, on the clock of
 * `performance.now`.
 */
export class Follower {
  readonly #client: MatrixClient;
  readonly #stop = new AbortController();
  readonly #seenAt = new Map<string, number>();
  readonly #scanned = new Map<string, number>();
  readonly #waiting = new Map<string, (seenAt: number) => void>();
  readonly #loop: Promise<void>;

  constructor(client: MatrixClient) {
    this.#client = client;
    this.#loop = this.#follow();
  }

  /** When the event was seen; waits for it until the deadline. */
  async seen(eventId: string, deadline: Deadline): Promise<number> {
    const known = this.#seenAt.get(eventId);
    if (known !== undefined) return known;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#waiting.set(eventId, resolve);
    deadline.signal.addEventListener('abort', () => {
      reject(new Error(`${this.#client.userId} never saw ${deadline.what}`));
    });
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#client.syncOnce(FOLLOW_TIMEOUT_MS, this.#stop.signal);
      } catch (error) {
        if (!this.#stop.signal.aborted) throw error;
      }
      this.#note(performance.now());
    }
  }

  #note(now: number): void {
    for (const [roomId, room] of this.#client.rooms) {
      for (const { event_id } of room.timeline.slice(this.#scanned.get(roomId) ?? 0)) {
        this.#seenAt.set(event_id, now);
        this.#waiting.get(event_id)?.(now);
        this.#waiting.delete(event_id);
      }
      this.#scanned.set(roomId, room.timeline.length);
    }
  }
}

const FOLLOW_TIMEOUT_MS = 10_000;
