/** The two sizes of a list in a statement. Few, as each makes a text of its own, and texts are kept prepared. */
const SHORT = 10;
const LONG = 100;

/** A part of a list with the places for it in a statement. */
export interface InList<T> {
  /** For `IN (…)`, or `IN (VALUES …)` where a value has several columns. */
  readonly places: string;
  /** The last value stands for those that are missing. */
  readonly values: readonly T[];
}

/** A list of any length, in parts that a statement takes; `place` is that of one value. */
export function inLists<T>(list: readonly T[], place = '?'): readonly InList<T>[] {
  const parts: InList<T>[] = [];
  for (let from = 0; from < list.length; from += LONG) {
    const part = list.slice(from, from + LONG);
    const last = part.at(-1);
    if (last === undefined) continue;
    const length = part.length <= SHORT ? SHORT : LONG;
    const values = Array.from({ length }, (_, n) => part[n] ?? last);
    parts.push({ places: values.map(() => place).join(', '), values });
  }
  return parts;
}
