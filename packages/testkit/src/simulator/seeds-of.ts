import { Draws } from './world/draws.ts';

/** So many seeds that follow from one. */
export function seedsOf(seed: number, count: number): readonly number[] {
  const draws = new Draws(`seeds of ${seed}`);
  return Array.from({ length: count }, () => draws.below(1e9));
}
