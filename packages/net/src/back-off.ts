const FIRST_CAP_MS = 2_000;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_600_000;

/** A time that doubles with each failure in a row after the first, up to the longest. */
export function doublingMs(
  failures: number,
  { firstMs, longestMs }: { readonly firstMs: number; readonly longestMs: number },
): number {
  return Math.min(firstMs * 2 ** (Math.max(failures, 1) - 1), longestMs);
}

/**
 * How long to leave a server alone after this many failures in a row (1 or more): a random time between 1 s and a cap
 * that doubles with each failure up to 1 h, so that servers that lost the same peer at once do not return at once.
 * `fraction` is uniform in [0, 1).
 */
export function backOffMs(failures: number, fraction: number): number {
  const capMs = doublingMs(failures, { firstMs: FIRST_CAP_MS, longestMs: LONGEST_MS });
  return Math.round(SHORTEST_MS + fraction * (capMs - SHORTEST_MS));
}
