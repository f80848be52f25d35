import { randomBytes } from 'node:crypto';
import type { Clock, Effects, Random, Timers } from './effects.ts';

/** The effects of the machine. The only place where the product reads a clock or draws randomness. */
export function systemEffects(): Effects {
  return { clock, timers, random };
}

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

const timers: Timers = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  sleep(delayMs, signal) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return promise;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  },
};

const random: Random = {
  bytes: (length) => randomBytes(length),
  fraction: () => Math.random(),
};
