import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from './floors/canonical-json.ts';
import type { KeepAliveClient } from './keep-alive-client.ts';
import { VoidBlockError } from './row.ts';

const POLL_MS = 5_000;
/** While the server is not there. */
const AGAIN_MS = 5;
const TIMELINE_LIMIT = 500;
const PAGE_LIMIT = 500;
const API = '/_matrix/client/v3';
const FILTER = encodeURIComponent(
  JSON.stringify({ room: { timeline: { limit: TIMELINE_LIMIT } } }),
);

type SeenEvent = JsonObject & { readonly event_id: string };

interface SyncAnswer {
  readonly next_batch: string;
  readonly rooms?: {
    readonly join?: Readonly<Record<string, { readonly timeline?: Timeline }>>;
  };
}

interface Timeline {
  readonly events: readonly SeenEvent[];
  readonly limited?: boolean;
  readonly prev_batch?: string;
}

/**
 * Somebody who follows one room by long polling, across restarts of the server and through the gaps of limited timelines by paging back, and notes when each
 * event became visible, on the clock of `performance.now`.
 */
export class VisibleEvents implements AsyncDisposable {
  readonly #client: KeepAliveClient;
  readonly #roomId: string;
  readonly #seenAt = new Map<string, number>();
  #since: string | undefined;
  #stopped = false;
  #failure: Error | undefined;
  #loop: Promise<void> = Promise.resolve();
  #changed = Promise.withResolvers<void>();

  private constructor(client: KeepAliveClient, roomId: string) {
    this.#client = client;
    this.#roomId = roomId;
  }

  /** What the room has at this moment is seen when it resolves. */
  static async follow(client: KeepAliveClient, roomId: string): Promise<VisibleEvents> {
    const visible = new VisibleEvents(client, roomId);
    await visible.#poll(0);
    visible.#loop = visible.#follow();
    return visible;
  }

  /** Resolves with the moments at which these were seen, in their order, when all are. */
  async seen(eventIds: readonly string[]): Promise<readonly number[]> {
    for (;;) {
      const { promise } = this.#changed;
      if (this.#failure !== undefined) throw this.#failure;
      const times = eventIds.map((eventId) => this.#seenAt.get(eventId));
      if (times.every((time) => time !== undefined)) return times;
      await promise;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }

  async #follow(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#poll(POLL_MS);
      } catch (error) {
        if (this.#stopped) return;
        if (isAway(error)) {
          await sleep(AGAIN_MS);
          continue;
        }
        this.#failure = error instanceof Error ? error : new Error(String(error));
      }
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
      if (this.#failure !== undefined) return;
    }
  }

  async #poll(timeoutMs: number): Promise<void> {
    const since = this.#since === undefined ? '' : `&since=${encodeURIComponent(this.#since)}`;
    const path = `${API}/sync?timeout=${timeoutMs}&filter=${FILTER}${since}`;
    const answer = await this.#client.json<SyncAnswer>('GET', path);
    const isFirst = this.#since === undefined;
    this.#since = answer.next_batch;
    const timeline = answer.rooms?.join?.[this.#roomId]?.timeline;
    if (timeline === undefined) return;
    if (timeline.limited === true && !isFirst) await this.#pageBack(timeline.prev_batch);
    this.#note(timeline.events);
  }

  /** Up to what was seen before. */
  async #pageBack(from: string | undefined): Promise<void> {
    for (let token = from; token !== undefined;) {
      const path = `${API}/rooms/${encodeURIComponent(this.#roomId)}/messages?dir=b&limit=${PAGE_LIMIT}&from=${encodeURIComponent(token)}`;
      const page = await this.#client.json<{ chunk: readonly SeenEvent[]; end?: string }>(
        'GET',
        path,
      );
      const known = page.chunk.findIndex(({ event_id }) => this.#seenAt.has(event_id));
      this.#note(known === -1 ? page.chunk : page.chunk.slice(0, known));
      token = known === -1 ? page.end : undefined;
    }
  }

  #note(events: readonly SeenEvent[]): void {
    const now = performance.now();
    for (const { event_id: eventId } of events) {
      if (this.#seenAt.has(eventId)) throw new VoidBlockError(`${eventId} was told twice`);
      this.#seenAt.set(eventId, now);
    }
  }
}

/** Whether the server does not run, or ended while it was asked. */
function isAway(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code === 'ECONNREFUSED' || code === 'ECONNRESET';
}
