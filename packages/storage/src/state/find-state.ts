import type { EventId } from '@hansa/protocol';
import type { StateKey, StateRef, StateSource } from '../ports/state-store.ts';

/** The event at each key, in order; undefined where the state has none. */
export async function findStateEvents(
  source: StateSource,
  ref: StateRef,
  keys: readonly StateKey[],
): Promise<readonly (EventId | undefined)[]> {
  const found: (EventId | undefined)[] = keys.map(() => undefined);
  let open = keys.map((key, index) => ({ key, index }));
  let level: StateRef | undefined = ref;
  while (level !== undefined && open.length > 0) {
    const wanted = open.map(({ key }) => key);
    const rows = await source.findLastRows(level.timeline, level.at, wanted);
    const unknown: typeof open = [];
    for (const [n, entry] of open.entries()) {
      const row = rows[n];
      if (row === undefined) unknown.push(entry);
      else found[entry.index] = row.event;
    }
    open = unknown;
    if (open.length > 0) level = (await source.getTimeline(level.timeline)).parent;
  }
  return found;
}
