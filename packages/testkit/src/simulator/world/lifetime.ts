import type { Effects } from '@hansa/net';
import type { Draws } from './draws.ts';
import type { World } from './world.ts';

/** What an incarnation's database handle throws once that is dead. */
class DeadError extends Error {
  override readonly name = 'DeadError';
}

/** One run of a server, from its start to its crash. After that nothing that it was handed does anything or ever settles. */
export class Lifetime {
  /** Such as `one#2`. */
  readonly name: string;
  readonly #onEnd = new Set<() => void>();
  #alive = true;

  constructor(name: string) {
    this.name = name;
  }

  get alive(): boolean {
    return this.#alive;
  }

  end(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const callback of this.#onEnd) callback();
    this.#onEnd.clear();
  }

  /** Calls back when it ends; the answer cancels that. */
  onEnd(callback: () => void): () => void {
    this.#onEnd.add(callback);
    return () => void this.#onEnd.delete(callback);
  }

  /** Throws in the place of a dead server's hands. */
  require(): void {
    if (!this.#alive) throw new DeadError(`${this.name} has crashed`);
  }
}

/** The clock of a server may be wrong, and its time may pass by being looked at, so that long work has to take turns. */
export interface ClockFaults {
  readonly skewMs: number;
  readonly tickMs: number;
}

/** When a simulation begins, in milliseconds since the epoch. */
export const BEGIN = 1_700_000_000_000;

export function effectsOf(
  world: World,
  lifetime: Lifetime,
  draws: Draws,
  { skewMs, tickMs }: ClockFaults,
): Effects {
  let looks = 0;
  const after = (delayMs: number, callback: () => void): (() => void) =>
    world.after(delayMs, `${lifetime.name} timer`, () => {
      if (lifetime.alive) callback();
    });
  return {
    clock: {
      now: () => BEGIN + world.now + skewMs,
      monotonic: () => world.now + tickMs * (looks += 1),
    },
    random: draws,
    timers: {
      after,
      sleep(delayMs, signal) {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return promise;
        }
        const onAbort = (): void => {
          cancel();
          reject(signal?.reason as Error);
        };
        const cancel = after(delayMs, () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        signal?.addEventListener('abort', onAbort, { once: true });
        return promise;
      },
    },
  };
}
