import type { Clock, Timers } from '@hansa/net';

/** Time that stands still until a test moves it. */
export class ManualTime implements Clock, Timers {
  #nowMs = 1_700_000_000_000;
  readonly #pending = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    this.#nowMs += 1;
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const entry = { at: this.#nowMs + delayMs, callback };
    this.#pending.add(entry);
    return () => this.#pending.delete(entry);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (delayMs <= 0) return new Promise((resolve) => setImmediate(resolve));
    return new Promise((resolve, reject) => {
      const cancel = this.after(delayMs, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        reject(signal.reason as Error);
      });
    });
  }

  /** Moves on and calls what has become due, in order. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const entry of [...this.#pending].toSorted((a, b) => a.at - b.at)) {
      if (entry.at > this.#nowMs) break;
      this.#pending.delete(entry);
      entry.callback();
    }
  }
}
