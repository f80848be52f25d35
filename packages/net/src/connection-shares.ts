import { Slots } from './slots.ts';

/** Connections at a time, of all destinations together. */
const SHARES = {
  /** Of those that answered when they were last asked. */
  answering: 100,
  /** Of those that nobody has asked yet, or not for long. */
  unknown: 70,
  /** Of those that did not answer. */
  failing: 30,
};

type Standing = keyof typeof SHARES;

/** Destinations whose standing is remembered. */
const MAX_REMEMBERED = 10_000;

/**
 * Whose connections a destination shares: who answered last time never stands behind those who did not, nor behind names
 * that somebody has made up.
 */
export class ConnectionShares {
  readonly #slots: Readonly<Record<Standing, Slots>> = {
    answering: new Slots(SHARES.answering),
    unknown: new Slots(SHARES.unknown),
    failing: new Slots(SHARES.failing),
  };
  /** Least recently settled first. */
  readonly #standings = new Map<string, Standing>();

  /** As `Slots.run`. */
  async run<T>(key: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return await this.#slots[this.#standings.get(key) ?? 'unknown'].run(task, signal);
  }

  /** Tells how a destination did. */
  note(key: string, standing: Exclude<Standing, 'unknown'>): void {
    this.#standings.delete(key);
    this.#standings.set(key, standing);
    if (this.#standings.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#standings.keys();
    if (oldest !== undefined) this.#standings.delete(oldest);
  }
}
