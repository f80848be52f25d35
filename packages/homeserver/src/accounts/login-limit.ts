import type { Clock } from '@hansa/net';
import { LRUCache } from 'lru-cache';
import { limitExceeded } from '../matrix-error.ts';
import { addressBlock } from './address-block.ts';

interface Attempts {
  /** That count at the moment `atMs`; they wear off one by one. */
  readonly count: number;
  readonly atMs: number;
}

/** Wrong passwords that somebody may give in a row. */
const BURST = 5;
/** After those, one more each time. */
const WEARS_OFF_MS = 10_000;
/** Accounts and addresses that are remembered; the longest unheard of is forgotten first. */
const MAX_TRACKED = 10_000;

/** Slows down who guesses passwords: one account, from one address. Kept in memory alone. */
export class LoginLimit {
  readonly #clock: Clock;
  readonly #attempts = new LRUCache<string, Attempts>({ max: MAX_TRACKED });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts an attempt, as one that failed until it is told to have succeeded: many at once are no way round.
   * @throws MatrixError `M_LIMIT_EXCEEDED`
   */
  begin(account: string, address: string): { succeeded(): void } {
    const key = JSON.stringify([account, addressBlock(address)]);
    const nowMs = this.#clock.monotonic();
    const before = this.#attempts.get(key) ?? { count: 0, atMs: nowMs };
    const count = Math.max(0, before.count - (nowMs - before.atMs) / WEARS_OFF_MS);
    const excess = count + 1 - BURST;
    if (excess > 0) throw limitExceeded(Math.ceil(excess * WEARS_OFF_MS));
    this.#attempts.set(key, { count: count + 1, atMs: nowMs });
    return { succeeded: () => void this.#attempts.delete(key) };
  }
}
