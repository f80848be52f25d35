import type { Timers } from '@hansa/net';
import type { RoomId, UserId } from '@hansa/protocol';
import type { RoomAdvance, RoomAdvances } from '../engine/room-engine.ts';

type WakeUp = () => void;

/**
 * Sync requests that have nothing to answer yet. Nothing polls: an advance of a room wakes those who wait
 * for it, and they ask the store. A lost wake-up costs latency, never data.
 */
export class LongPoll {
  readonly #timers: Timers;
  readonly #byUser = new Map<UserId, Set<WakeUp>>();
  readonly #byRoom = new Map<RoomId, Set<WakeUp>>();
  readonly #unsubscribe: () => void;
  #waiting = 0;

  constructor(advances: RoomAdvances, timers: Timers) {
    this.#timers = timers;
    this.#unsubscribe = advances.subscribe((advance) => this.#wake(advance));
  }

  /** Requests that wait now. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Begin before the last look at the store: what happens between the look and the wait then ends the wait
   * at once.
   */
  begin(userId: UserId): PendingWait {
    const woken = Promise.withResolvers<void>();
    const wake = () => woken.resolve();
    let rooms: readonly RoomId[] = [];
    addTo(this.#byUser, userId, wake);
    return {
      watch: (roomIds) => {
        rooms = roomIds;
        for (const roomId of roomIds) addTo(this.#byRoom, roomId, wake);
      },
      wait: async (timeoutMs, signal) => {
        const cancel = this.#timers.after(timeoutMs, wake);
        signal?.addEventListener('abort', wake, { once: true });
        this.#waiting += 1;
        await woken.promise;
        this.#waiting -= 1;
        signal?.removeEventListener('abort', wake);
        cancel();
      },
      [Symbol.dispose]: () => {
        removeFrom(this.#byUser, userId, wake);
        for (const roomId of rooms) removeFrom(this.#byRoom, roomId, wake);
      },
    };
  }

  /** Answers everybody who waits: the server stops. */
  stop(): void {
    this.#unsubscribe();
    for (const waiters of this.#byUser.values()) for (const wake of waiters) wake();
  }

  #wake(advance: RoomAdvance): void {
    for (const wake of this.#byRoom.get(advance.roomId) ?? []) wake();
    for (const user of advance.users) for (const wake of this.#byUser.get(user) ?? []) wake();
  }
}

export interface PendingWait extends Disposable {
  /** Rooms whose advance ends the wait, besides changes of the user's own memberships. */
  watch(roomIds: readonly RoomId[]): void;
  /** Ends when something may be new, when the time is up, or when the client went away. */
  wait(timeoutMs: number, signal?: AbortSignal): Promise<void>;
}

function addTo<Key>(sets: Map<Key, Set<WakeUp>>, key: Key, wake: WakeUp): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([wake]));
  else set.add(wake);
}

function removeFrom<Key>(sets: Map<Key, Set<WakeUp>>, key: Key, wake: WakeUp): void {
  const set = sets.get(key);
  set?.delete(wake);
  if (set?.size === 0) sets.delete(key);
}
