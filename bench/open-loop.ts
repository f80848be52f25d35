import { setTimeout as sleep } from 'node:timers/promises';

/** A piece of work, and the moment at which it was to begin, on the clock of `performance.now`. */
export interface Paced<T> {
  readonly dueAt: number;
  readonly result: T;
}

/**
 * Begins a piece of work at a constant rate, whether the last is done or not. What is late counts from when it was due,
 * so that a pause is not left out of what it delayed.
 */
export async function openLoop<T>(
  { times, perSecond }: { readonly times: number; readonly perSecond: number },
  work: (index: number) => Promise<T>,
): Promise<readonly Paced<T>[]> {
  const start = performance.now();
  const begun: Promise<Paced<T>>[] = [];
  for (let index = 0; index < times; index += 1) {
    const dueAt = start + (index * 1_000) / perSecond;
    const early = dueAt - performance.now();
    if (early > 0) await sleep(early);
    begun.push(work(index).then((result) => ({ dueAt, result })));
  }
  return Promise.all(begun);
}
