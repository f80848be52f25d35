import { Slots } from './slots.ts';

interface Entry {
  readonly slots: Slots;
  users: number;
}

/** So many tasks at a time of each key, and of each key alone: who is slow has its own waiting. */
export class KeyedSlots {
  readonly #countEach: number;
  /** Of the keys that have tasks, and no others. */
  readonly #entries = new Map<string, Entry>();

  constructor(countEach: number) {
    this.#countEach = countEach;
  }

  /** As `Slots.run`. */
  async run<T>(key: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const entry = this.#entries.get(key) ?? { slots: new Slots(this.#countEach), users: 0 };
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      return await entry.slots.run(task, signal);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) this.#entries.delete(key);
    }
  }
}
