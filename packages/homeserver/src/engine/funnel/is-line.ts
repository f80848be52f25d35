import type { EventId } from '@hansa/protocol';
import type { Vetted } from './vetted.ts';

/** Whether the events are one line, each the only parent of the next, that ends in this one. */
export function isLineFrom(newest: EventId, events: ReadonlyMap<EventId, Vetted>): boolean {
  let count = 0;
  let event = events.get(newest);
  while (event !== undefined) {
    count += 1;
    if (event.prevEvents.length > 1 && count < events.size) return false;
    const [parent] = event.prevEvents;
    event = parent === undefined ? undefined : events.get(parent);
  }
  return count === events.size;
}
