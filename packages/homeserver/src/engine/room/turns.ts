import type { Clock, Timers } from '@hansa/net';

/** Does counted steps of work, letting others have their turn every so many milliseconds. */
export class Turns {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #turnMs: number;

  constructor(clock: Clock, timers: Timers, turnMs: number) {
    this.#clock = clock;
    this.#timers = timers;
    this.#turnMs = turnMs;
  }

  async complete<T>(steps: Generator<undefined, T, undefined>): Promise<T> {
    let turnBegan = this.#clock.monotonic();
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (this.#clock.monotonic() - turnBegan < this.#turnMs) continue;
      await this.#timers.sleep(0);
      turnBegan = this.#clock.monotonic();
    }
  }
}
