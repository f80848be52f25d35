/**
 * Up to room version 5 a depth may have 64 bits. SQLite would keep them, and Node would refuse to read the row, for ever; beyond
 * 2^53 one is as deep as the other.
 */
export function storedDepth(depth: number): number {
  return Math.min(depth, Number.MAX_SAFE_INTEGER);
}
