/**
 * Work in counted steps. It yields every so many of them, so that the caller, who has the clock, decides
 * when to go on; what it returns is the result. Pauses change nothing about the result.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Steps between two pauses; a step is a few look-ups, or one authorisation. */
export const STEPS_A_PAUSE = 64;

/** Counts the steps of one resolution: `if (counter.pauses()) yield;` is one step. */
export class StepCounter {
  #steps = 0;

  /** Counts steps and says whether it is time to pause. */
  pauses(steps = 1): boolean {
    this.#steps += steps;
    if (this.#steps < STEPS_A_PAUSE) return false;
    this.#steps = 0;
    return true;
  }
}

/** Work whose result is at hand. */
// oxlint-disable-next-line require-yield
export function* done<T>(value: T): Steps<T> {
  return value;
}

/** Does all the work at once: for tests, and for states known to be small. */
export function complete<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
