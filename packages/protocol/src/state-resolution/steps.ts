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

  /** Counts steps that nobody can pause between. */
  count(steps: number): void {
    this.#steps += steps;
  }

  /** Counts steps and says whether it is time to pause. */
  pauses(steps = 1): boolean {
    this.#steps += steps;
    if (this.#steps < STEPS_A_PAUSE) return false;
    this.#steps = 0;
    return true;
  }
}

/** Visits one item after the other. A loop inside a generator is slow: so it stands in a function of its own. */
export function* eachInSteps<T>(
  items: readonly T[],
  counter: StepCounter,
  visit: (item: T) => void,
): Steps<void> {
  let at = visitFrom(items, 0, counter, visit);
  while (at < items.length) {
    yield;
    at = visitFrom(items, at, counter, visit);
  }
}

function visitFrom<T>(
  items: readonly T[],
  start: number,
  counter: StepCounter,
  visit: (item: T) => void,
): number {
  let at = start;
  while (at < items.length) {
    visit(items[at] as T);
    at += 1;
    if (counter.pauses()) break;
  }
  return at;
}

/** Takes the last item off a list and visits it, until none is left; visits may add more. */
export function* drainInSteps<T>(
  open: T[],
  counter: StepCounter,
  visit: (item: T) => void,
): Steps<void> {
  while (visitSome(open, counter, visit)) yield;
}

function visitSome<T>(open: T[], counter: StepCounter, visit: (item: T) => void): boolean {
  while (open.length > 0) {
    visit(open.pop() as T);
    if (counter.pauses()) return true;
  }
  return false;
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
