import type { Timers } from './effects.ts';

export interface Attempts<T> {
  /** In the order to make them. Each ends, with a rejection, when its signal aborts. */
  readonly attempts: readonly ((signal: AbortSignal) => Promise<T>)[];
  /** After which the next begins though the one before has not ended. */
  readonly delayMs: number;
  readonly timers: Pick<Timers, 'after'>;
  /** Ends what another was quicker than, where it succeeded nevertheless. */
  readonly discard: (late: T) => void;
  /** Ends those under way; no other begins. */
  readonly signal: AbortSignal;
}

export type FirstSuccess<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failures: readonly unknown[] };

/**
 * One attempt after the other, the next as soon as one fails or takes long; the first that succeeds ends the others.
 * Source: RFC 8305, section 5.
 */
export async function firstToSucceed<T>(options: Attempts<T>): Promise<FirstSuccess<T>> {
  const { attempts, delayMs, timers, discard, signal: outer } = options;
  const { promise: outcome, resolve: decide } = Promise.withResolvers<FirstSuccess<T>>();
  const decided = new AbortController();
  const signal = AbortSignal.any([outer, decided.signal]);
  const left = attempts.values();
  const failures: unknown[] = [];
  let running = 0;
  let cancelDelay = (): void => {};

  const beginNext = (): void => {
    cancelDelay();
    const next = signal.aborted ? undefined : left.next().value;
    if (next !== undefined) {
      running += 1;
      cancelDelay = timers.after(delayMs, beginNext);
      void settle(next);
    } else if (running === 0) decide({ ok: false, failures });
  };
  const settle = async (attempt: (signal: AbortSignal) => Promise<T>): Promise<void> => {
    try {
      const value = await attempt(signal);
      if (decided.signal.aborted) discard(value);
      decide({ ok: true, value });
      decided.abort();
    } catch (error) {
      failures.push(error);
    }
    running -= 1;
    beginNext();
  };

  beginNext();
  try {
    return await outcome;
  } finally {
    cancelDelay();
  }
}
