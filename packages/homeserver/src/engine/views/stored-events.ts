import type { EventId, RoomId } from '@hansa/protocol';
import type { EventRecord, Readers } from '@hansa/storage';
import type { StoredEvent } from '../room-views.ts';
import { servedPdu } from './state-view.ts';

/** Events as they are shown, with the redactions and client transactions that belong to them. */
export async function toStoredEvents(
  readers: Pick<Readers, 'events' | 'clientTransactions'>,
  roomId: RoomId,
  records: readonly EventRecord[],
): Promise<readonly StoredEvent[]> {
  const eventIds = records.map(({ pdu }) => pdu.eventId);
  const transactions = await readers.clientTransactions.listOf(roomId, eventIds);
  return Promise.all(
    records.map(async (record) => ({
      pdu: servedPdu(record),
      position: record.position,
      verdict: record.verdict,
      place: record.place,
      redactedBy: await findRedaction(readers, roomId, record.redactedBy),
      transaction: transactions.get(record.pdu.eventId),
      replaces: record.replaces,
      followsGap: record.claimed && (await lacksParent(readers, roomId, record)),
    })),
  );
}

/** What was missing may have been found since. */
async function lacksParent(
  readers: Pick<Readers, 'events'>,
  roomId: RoomId,
  { pdu: { prevEvents } }: EventRecord,
): Promise<boolean> {
  const parents = await readers.events.findMany(roomId, prevEvents);
  const known = parents.filter(({ place }) => place === 'timeline');
  return known.length < new Set(prevEvents).size;
}

async function findRedaction(
  readers: Pick<Readers, 'events'>,
  roomId: RoomId,
  eventId: EventId | undefined,
): Promise<StoredEvent['redactedBy']> {
  if (eventId === undefined) return undefined;
  const redaction = await readers.events.find(roomId, eventId);
  return redaction?.verdict === 'quarantined' ? undefined : redaction?.pdu;
}
