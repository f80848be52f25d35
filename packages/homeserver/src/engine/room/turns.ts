import type { Clock, Timers } from '@hansa/net';

/** Lets others have their turn every so many milliseconds of work that waits for nothing. */
export class Turns {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #turnMs: number;
  #turnBegan: number;

  constructor(clock: Clock, timers: Timers, turnMs: number) {
    this.#clock = clock;
    this.#timers = timers;
    this.#turnMs = turnMs;
    this.#turnBegan = clock.monotonic();
  }

  /** To be called now and then by whoever has a lot to do. */
  async breathe(): Promise<void> {
    if (!this.#isOver()) return;
    await this.#timers.sleep(0);
    this.#turnBegan = this.#clock.monotonic();
  }

  async complete<T>(steps: Generator<undefined, T, undefined>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      await this.breathe();
    }
  }

  #isOver(): boolean {
    return this.#clock.monotonic() - this.#turnBegan >= this.#turnMs;
  }
}
