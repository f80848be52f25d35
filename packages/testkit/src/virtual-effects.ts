import type { Effects } from '@hansa/net';

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** Time that passes only when a test says so, and randomness from a seed. */
export class VirtualEffects implements Effects {
  readonly clock = { now: () => this.#now, monotonic: () => this.#now };
  readonly timers: Effects['timers'] = {
    after: (delayMs, callback) => this.#after(delayMs, callback),
    sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
  };
  readonly random: Effects['random'] = {
    bytes: (length) => Uint8Array.from({ length }, () => Math.floor(this.#draw() * 256)),
    fraction: () => this.#draw(),
  };
  #now: number;
  #seed: number;
  readonly #timers = new Set<Timer>();

  constructor(start: { readonly now?: number; readonly seed?: number } = {}) {
    this.#now = start.now ?? 1_700_000_000_000;
    this.#seed = start.seed ?? 1;
  }

  /** Milliseconds until the next timer; `undefined` where none is set. */
  get nextTimerMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.dueAt - this.#now;
  }

  /** Lets time pass; timers that fall due are called in their order, what they set within the time among them. */
  async advance(byMs: number): Promise<void> {
    const end = this.#now + byMs;
    for (let next = this.#next(); next !== undefined && next.dueAt <= end; next = this.#next()) {
      this.#now = Math.max(this.#now, next.dueAt);
      this.#timers.delete(next);
      next.callback();
      await turn();
    }
    this.#now = end;
    await turn();
  }

  #after(delayMs: number, callback: () => void): () => void {
    const timer = { dueAt: this.#now + Math.max(delayMs, 0), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  #sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = this.#after(delayMs, resolve);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  #next(): Timer | undefined {
    const [first, ...others] = this.#timers;
    if (first === undefined) return undefined;
    return others.reduce(
      (earliest, timer) => (timer.dueAt < earliest.dueAt ? timer : earliest),
      first,
    );
  }

  /** mulberry32 */
  #draw(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

/** Lets everything run that waits for nothing outside this process. */
async function turn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  await promise;
}
