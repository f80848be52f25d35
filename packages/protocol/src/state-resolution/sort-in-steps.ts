import type { StepCounter, Steps } from './steps.ts';

/** Length of the runs that are sorted without a pause. */
const RUN = 32;

/** Sorts as `toSorted` does, stable, but in steps: a merge sort from the bottom up. */
export function* sortInSteps<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  counter: StepCounter,
): Steps<T[]> {
  let runs: T[][] = [];
  for (let start = 0; start < items.length; start += RUN) {
    if (counter.pauses(RUN)) yield;
    runs.push(items.slice(start, start + RUN).sort(compare));
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      merged.push(yield* merge(runs[at] ?? [], runs[at + 1] ?? [], compare, counter));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  counter: StepCounter,
): Steps<T[]> {
  const merged: T[] = [];
  let fromLeft = 0;
  let fromRight = 0;
  while (fromLeft < left.length && fromRight < right.length) {
    if (counter.pauses()) yield;
    const a = left[fromLeft] as T;
    const b = right[fromRight] as T;
    if (compare(a, b) <= 0) {
      merged.push(a);
      fromLeft += 1;
    } else {
      merged.push(b);
      fromRight += 1;
    }
  }
  return merged.concat(left.slice(fromLeft), right.slice(fromRight));
}
