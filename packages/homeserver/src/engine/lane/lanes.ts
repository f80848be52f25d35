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

  /** Resolves when what the work decided is durable; rejects with what it threw. */
  run<T>(roomId: RoomId, work: Work<T>): Promise<Done<T>> {
    return this.#laneOf(roomId).run(async (draft) => {
      const value = await work(draft);
      await draft.settle();
      return value;
    });
  }

  /**
   * Pieces of work that come together, in their order: what they change is settled once for all of them. Where one
   * throws, each is done alone, and that one's outcome says so.
   */
  async runTogether<T>(
    roomId: RoomId,
    works: readonly Work<T>[],
  ): Promise<readonly PromiseSettledResult<T>[]> {
    const outcomes: PromiseSettledResult<T>[] = [];
    for (let from = 0; from < works.length; from += this.#limits.laneBatch) {
      const slice = works.slice(from, from + this.#limits.laneBatch);
      outcomes.push(...(await this.#runSlice(roomId, slice)));
    }
    return outcomes;
  }

  async #runSlice<T>(
    roomId: RoomId,
    works: readonly Work<T>[],
  ): Promise<readonly PromiseSettledResult<T>[]> {
    const all: Work<readonly T[]> = async (draft) => {
      const values: T[] = [];
      for (const work of works) values.push(await work(draft));
      return values;
    };
    const [together] = await Promise.allSettled([this.run(roomId, all)]);
    if (together.status === 'fulfilled') {
      return together.value.value.map((value) => ({ status: 'fulfilled', value }));
    }
    if (works.length === 1) return [together];
    const alone = works.map(async (work) => (await this.run(roomId, work)).value);
    return Promise.allSettled(alone);
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
