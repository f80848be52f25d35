import type { Clock } from './effects.ts';

export interface Answer<V> {
  readonly value: V;
  /** For how long it is believed. */
  readonly keepMs: number;
}

/** Answers by key: each kept for its own time, and asked for once however many want to know. The oldest go first. */
export class AnswerCache<V> {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, { readonly value: V; readonly until: number }>();
  readonly #underWay = new Map<string, Promise<V>>();

  constructor(clock: Pick<Clock, 'monotonic'>, maxEntries: number) {
    this.#clock = clock;
    this.#maxEntries = maxEntries;
  }

  /** `ask` is given what was believed until now, if anything. What it rejects with is not kept. */
  async get(key: string, ask: (before: V | undefined) => Promise<Answer<V>>): Promise<V> {
    const known = this.#entries.get(key);
    if (known !== undefined && known.until > this.#clock.monotonic()) return known.value;
    const running = this.#underWay.get(key);
    if (running !== undefined) return await running;
    const asking = this.#ask(key, () => ask(known?.value));
    this.#underWay.set(key, asking);
    try {
      return await asking;
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #ask(key: string, ask: () => Promise<Answer<V>>): Promise<V> {
    const { value, keepMs } = await ask();
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.#clock.monotonic() + keepMs });
    const oldest =
      this.#entries.size > this.#maxEntries ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined) this.#entries.delete(oldest);
    return value;
  }
}
