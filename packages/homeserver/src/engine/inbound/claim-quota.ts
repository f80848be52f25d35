import type { Clock } from '@hansa/net';
import type { RoomId, ServerName } from '@hansa/protocol';
import { LRUCache } from 'lru-cache';

const HOUR_MS = 3_600_000;
/** Rooms and servers that are remembered; who is pushed out begins anew. */
const MAX_REMEMBERED = 10_000;

/** How often a server's word for the state of a room is taken. */
export class ClaimQuota {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #anHour: number;
  readonly #taken = new LRUCache<string, readonly number[]>({ max: MAX_REMEMBERED });

  constructor(clock: Pick<Clock, 'now'>, anHour: number) {
    this.#clock = clock;
    this.#anHour = anHour;
  }

  /** Whether it may be taken once more; counts as taken then. */
  take(roomId: RoomId, server: ServerName): boolean {
    const key = `${roomId} ${server}`;
    const now = this.#clock.now();
    const recent = (this.#taken.get(key) ?? []).filter((at) => now - at < HOUR_MS);
    if (recent.length >= this.#anHour) return false;
    this.#taken.set(key, [...recent, now]);
    return true;
  }
}
