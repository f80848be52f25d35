import type { EventId, RoomId } from '@hansa/protocol';
import type { EventRecord, Readers } from '@hansa/storage';
import type { WalkBack } from '../room-views.ts';

/** Events that one walk looks at, hidden ones included. */
const MAX_STEPS = 5_000;

/**
 * Breadth first over `prev_events`. Rejected events are walked through and not answered. Where we were never told the state,
 * the walk ends: nothing says who may see such an event.
 */
export async function walkBack(
  { events }: Pick<Readers, 'events'>,
  { roomId, from, stopAt, limit, minDepth }: WalkBack,
): Promise<readonly EventRecord[]> {
  const found: EventRecord[] = [];
  const seen = new Set<EventId>(from);
  for (const eventId of seen) {
    if (found.length >= limit || seen.size > MAX_STEPS) break;
    if (stopAt.has(eventId)) continue;
    const record = await events.find(roomId, eventId);
    // Outliers have no state before them either.
    if (record?.before === undefined || record.depth < minDepth) continue;
    if (record.verdict === 'accepted' || record.verdict === 'soft-failed') found.push(record);
    // A set is walked in the order of adding, what is added on the way included.
    for (const prev of record.pdu.prevEvents) seen.add(prev);
  }
  return found;
}

/** Ids of everything that gives these events their authority, whatever kind they are. */
export async function authChainOf(
  { events }: Pick<Readers, 'events'>,
  roomId: RoomId,
  eventIds: readonly EventId[],
): Promise<ReadonlySet<EventId>> {
  const direct = new Set<EventId>();
  for (const { pdu } of await events.findMany(roomId, eventIds)) {
    for (const auth of pdu.authEvents) direct.add(auth);
  }
  const further = await events.listAuthChain(roomId, [...direct]);
  return new Set([...direct, ...further]);
}
