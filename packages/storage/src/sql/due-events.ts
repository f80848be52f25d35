import { redactPdu } from '@hansa/protocol';
import type { EventId, Pdu, RoomId } from '@hansa/protocol';
import type { DueEvents, DueQuery } from '../ports/destination-store.ts';
import type { PduCache } from './pdu-cache.ts';
import { readPosition } from './read-position.ts';
import { bytes, integer, text, type Row, type Rows } from './rows.ts';

const HIGHEST = Number.MAX_SAFE_INTEGER;
const DUE_ROW = 'e.event_id, e.json, e.redacted_by, r.room_id, r.version';

/** Flagged events within a stay; parameters: server, after, upTo, limit. */
const FLAGGED = `
  SELECT ${DUE_ROW}, e.pos FROM room_servers s JOIN rooms r ON r.id = s.room
  JOIN events e ON e.room = s.room AND e.send = 1 AND e.pos > s.from_pos
    AND e.pos <= coalesce(s.to_pos, ${HIGHEST})
  WHERE s.server = ? AND e.pos > ? AND e.pos <= ? AND (e.except_to IS NULL OR e.except_to <> s.server)
  ORDER BY e.pos LIMIT ?`;

/** What it is to have besides; parameters as those of `FLAGGED`. */
const EXTRAS = `
  SELECT ${DUE_ROW}, x.pos FROM outbox_extras x JOIN rooms r ON r.id = x.room
  JOIN events e
    ON e.id = coalesce(x.event, (SELECT p.id FROM events p WHERE p.room = x.room AND p.pos = x.pos))
  WHERE x.server = ? AND x.pos > ? AND x.pos <= ? ORDER BY x.pos LIMIT ?`;

/** See `DestinationReader.listDue`. Two plain queries: a union of both would be made whole for each page. */
export async function listDue(rows: Rows, pdus: PduCache, query: DueQuery): Promise<DueEvents> {
  // The bound is read first: what commits later is left to the next call.
  const position = await readPosition(rows);
  const end = Math.min(query.upTo ?? HIGHEST, position);
  const parameters = [query.server, query.after, end, query.limit];
  const flagged = await rows.all(FLAGGED, parameters);
  const extras = await rows.all(EXTRAS, parameters);
  const found = extras.length === 0 ? flagged : inOrder([...flagged, ...extras], query.limit);
  const events: DueEvents['events'][number][] = [];
  for (const row of found) {
    const pdu = pduOf(row, pdus);
    if (pdu !== undefined) events.push({ pdu, position: integer(row, 'pos') });
  }
  const last = found.at(-1);
  const isFull = last !== undefined && found.length >= query.limit;
  const upTo = isFull ? integer(last, 'pos') : end;
  return { events, upTo, isAll: !isFull && end === position };
}

/** Oldest first, each once: what is flagged may be an extra, too. */
function inOrder(rows: readonly Row[], limit: number): readonly Row[] {
  const each = new Map(rows.map((row) => [`${integer(row, 'pos')} ${text(row, 'event_id')}`, row]));
  const ordered = [...each.values()].sort((a, b) => integer(a, 'pos') - integer(b, 'pos'));
  return ordered.slice(0, limit);
}

function pduOf(row: Row, pdus: PduCache): Pdu | undefined {
  const pdu = pdus.read(
    text(row, 'room_id') as RoomId,
    text(row, 'event_id') as EventId,
    text(row, 'version'),
    bytes(row, 'json'),
  );
  return pdu === undefined || row['redacted_by'] === null ? pdu : redactPdu(pdu);
}
