import { parseEventId } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import { invalidParam } from '../../matrix-error.ts';

/** `event_id` of a query. */
export function readEventId(text: string): EventId {
  const eventId = parseEventId(text);
  if (!eventId.ok) throw invalidParam(`query: event_id: ${eventId.reason}`);
  return eventId.value;
}
