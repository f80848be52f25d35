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
  readonly #waiting = new Map<string, PromiseWithResolvers<number>>();
  readonly #loop: Promise<void>;
  #failure: Error | undefined;

  constructor(client: MatrixClient) {
    this.#client = client;
    this.#loop = this.#follow();
  }

  /**
   * When the event was seen; waits for it until the deadline.
   * @throws Error when it is not seen by then, or the client cannot sync any more
   */
  async seen(eventId: string, deadline: Deadline): Promise<number> {
    const known = this.#seenAt.get(eventId);
    if (known !== undefined) return known;
    if (this.#failure !== undefined) throw this.#failure;
    const waiting = Promise.withResolvers<number>();
    this.#waiting.set(eventId, waiting);
    deadline.signal.addEventListener('abort', () => {
      waiting.reject(new Error(`${this.#client.userId} never saw ${deadline.what}`));
    });
    return waiting.promise;
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
        if (!this.#stop.signal.aborted) this.#fail(error);
        return;
      }
      this.#note(performance.now());
    }
  }

  /** Whoever waits is told, now and later. */
  #fail(cause: unknown): void {
    this.#failure = new Error(`${this.#client.userId} cannot follow any more`, { cause });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
  }

  #note(now: number): void {
    for (const [roomId, room] of this.#client.rooms) {
      for (const { event_id } of room.timeline.slice(this.#scanned.get(roomId) ?? 0)) {
        this.#seenAt.set(event_id, now);
        this.#waiting.get(event_id)?.resolve(now);
        this.#waiting.delete(event_id);
      }
      this.#scanned.set(roomId, room.timeline.length);
    }
  }
}

const FOLLOW_TIMEOUT_MS = 10_000;
