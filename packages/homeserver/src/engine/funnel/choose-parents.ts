import type { EventId } from '@hansa/protocol';
import type { Extremity } from '../room/room-head.ts';

/**
 * The extremities that an event of ours names: all, or half of the deepest and half of those that have been there
 * longest, so that a room that forks faster than it merges forgets no branch.
 */
export function chooseParents(
  extremities: ReadonlyMap<EventId, Extremity>,
  limit: number,
): readonly (readonly [EventId, Extremity])[] {
  const all = [...extremities];
  if (all.length <= limit) return all;
  const deepest = all.toSorted(([, a], [, b]) => b.depth - a.depth).slice(0, Math.ceil(limit / 2));
  const chosen = new Set(deepest);
  for (const entry of all) {
    if (chosen.size >= limit) break;
    chosen.add(entry);
  }
  return all.filter((entry) => chosen.has(entry));
}
