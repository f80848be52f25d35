import type { EventId, RoomId } from '@hansa/protocol';
import type { InboundPorts } from './inbound-ports.ts';

/** Those of the ids of which no event is stored, not even as an outlier; in their order. */
export async function unknownIds(
  { readers }: Pick<InboundPorts, 'readers'>,
  roomId: RoomId,
  eventIds: readonly EventId[],
): Promise<readonly EventId[]> {
  const known = await readers.events.findMany(roomId, eventIds);
  const ids = new Set(known.map(({ pdu }) => pdu.eventId));
  return eventIds.filter((eventId) => !ids.has(eventId));
}
