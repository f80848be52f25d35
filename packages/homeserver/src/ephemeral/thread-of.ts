import { isEventId, isObject, member, type EventId, type Pdu } from '@hansa/protocol';
import type { StoredEvent } from '../engine/room-views.ts';

/** Relations that lead to a thread's root by others. Source: client-server API, "Threaded read receipts". */
const MAX_HOPS = 3;

/** Root of the thread that an event is in, or `main`. */
export async function threadOf(
  event: StoredEvent,
  find: (eventId: EventId) => Promise<StoredEvent | undefined>,
): Promise<string> {
  let at: StoredEvent | undefined = event;
  for (let hop = 0; at !== undefined && hop <= MAX_HOPS; hop += 1) {
    const relation = relationOf(at.pdu);
    if (relation === undefined) return 'main';
    if (relation.type === 'm.thread') return relation.eventId;
    at = await find(relation.eventId);
  }
  return 'main';
}

function relationOf({
  content,
}: Pdu): { readonly type: unknown; readonly eventId: EventId } | undefined {
  const relation = member(content, 'm.relates_to');
  if (!isObject(relation)) return undefined;
  const eventId = member(relation, 'event_id');
  if (typeof eventId !== 'string' || !isEventId(eventId)) return undefined;
  return { type: member(relation, 'rel_type'), eventId };
}
