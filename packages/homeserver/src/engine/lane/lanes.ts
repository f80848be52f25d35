import type { RoomId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { Lane, type Done, type LaneLimits, type OnCommitted, type Work } from './lane.ts';

/** Lanes whose heads are kept although nothing waits for them. */
const MAX_IDLE_LANES = 1_000;

/** The lanes of all rooms, the one used last at the end. */
export class Lanes {
  readonly #store: Store;
  readonly #limits: LaneLimits;
  readonly #onCommitted: OnCommitted;
  readonly #lanes = new Map<RoomId, Lane>();

  constructor(store: Store, limits: LaneLimits, onCommitted: OnCommitted) {
    this.#store = store;
    this.#limits = limits;
    this.#onCommitted = onCommitted;
  }

  run<T>(roomId: RoomId, work: Work<T>): Promise<Done<T>> {
    return this.#laneOf(roomId).run(work);
  }

  #laneOf(roomId: RoomId): Lane {
    const known = this.#lanes.get(roomId);
    this.#lanes.delete(roomId);
    const lane = known ?? new Lane(roomId, this.#store, this.#limits, this.#onCommitted);
    this.#lanes.set(roomId, lane);
    if (this.#lanes.size > MAX_IDLE_LANES) this.#evict();
    return lane;
  }

  #evict(): void {
    for (const [roomId, lane] of this.#lanes) {
      if (!lane.isIdle) continue;
      this.#lanes.delete(roomId);
      return;
    }
  }
}
