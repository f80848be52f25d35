import type { Draws } from './draws.ts';
import type { Trace } from './trace.ts';

interface Due {
  readonly at: number;
  /** Drawn: what is due in the same millisecond comes in any order. */
  readonly tie: number;
  readonly what: string;
  readonly happen: () => void;
  cancelled: boolean;
}

/**
 * Time that passes only from one thing that is due to the next. Between two of them everything runs to its end that waits
 * for nothing but other work of this process.
 */
export class World {
  readonly trace: Trace;
  readonly #draws: Draws;
  /** The next one is last. */
  readonly #due: Due[] = [];
  #now = 0;
  #steps = 0;

  constructor(draws: Draws, trace: Trace) {
    this.#draws = draws.of('order');
    this.trace = trace;
  }

  /** Milliseconds since the simulation began. */
  get now(): number {
    return this.#now;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Calls back once, `what` standing in the trace then. The answer cancels it. */
  after(delayMs: number, what: string, happen: () => void): () => void {
    const at = this.#now + Math.max(0, Math.ceil(delayMs));
    const due: Due = { at, tie: this.#draws.fraction(), what, happen, cancelled: false };
    this.#due.splice(this.#placeOf(due), 0, due);
    return () => {
      due.cancelled = true;
    };
  }

  /** Resolves after so much virtual time. */
  pause(delayMs: number, what: string): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, what, resolve);
    });
  }

  note(what: string): void {
    this.trace.note(`${this.#now} ${what}`);
  }

  /** Lets everything happen that is due before `end`, or until `isOver`, which is asked after each step. */
  async runUntil(limit: number, isOver: () => boolean = () => false): Promise<void> {
    const end = Math.ceil(limit);
    await settle();
    while (!isOver()) {
      const next = this.#due.at(-1);
      if (next === undefined || next.at > end) {
        this.#now = Math.max(this.#now, end);
        return;
      }
      this.#due.pop();
      if (next.cancelled) continue;
      this.#now = Math.max(this.#now, next.at);
      this.#steps += 1;
      this.note(next.what);
      next.happen();
      await settle();
    }
  }

  /**
   * Runs until the promise has settled, and gives its value.
   * @throws Error where that takes longer than `patienceMs` of virtual time
   */
  async drive<T>(promise: Promise<T>, patienceMs: number, what: string): Promise<T> {
    const settled = { is: false };
    const note = (): void => {
      settled.is = true;
    };
    promise.then(note, note);
    await this.runUntil(this.#now + patienceMs, () => settled.is);
    if (!settled.is) throw new Error(`${what} took more than ${patienceMs} ms of virtual time`);
    return promise;
  }

  #placeOf(due: Due): number {
    let [low, high] = [0, this.#due.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isLater(this.#due[middle], due)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isLater(one: Due | undefined, other: Due): boolean {
  if (one === undefined) return false;
  return one.at > other.at || (one.at === other.at && one.tie > other.tie);
}

/** Of the event loop: the body of a request that is injected into HTTP routes is read one turn after it is asked for. */
const TURNS = 3;

/** Promise callbacks and ticks run before the event loop turns. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
