import type { EventId, RoomId } from '@hansa/protocol';
import type { EventRecord, Place, Verdict } from '../ports/event-store.ts';
import type { StateRef } from '../ports/state-store.ts';
import { rulesOf, type PduCache } from './pdu-cache.ts';
import { quarantinedPdu } from './quarantined-pdu.ts';
import { bytes, integer, optionalInteger, optionalText, text, type Row } from './rows.ts';

/** Everything that a record is made of; a WHERE follows. */
export const SELECT_EVENTS = `
  SELECT e.event_id, e.place, e.verdict, e.rule, e.pos, e.depth, e.before_t, e.before_p, e.after_t,
    e.after_p, e.claimed, e.json, r.room_id, r.version, redaction.event_id AS redacted_by, old.event_id AS replaces
  FROM events e
  JOIN rooms r ON r.id = e.room
  LEFT JOIN events redaction ON redaction.id = e.redacted_by
  LEFT JOIN events old ON old.id = e.replaces`;

export const ROOM_OF = '(SELECT id FROM rooms WHERE room_id = ?)';

/** Number of an event: parameters are those of `ROOM_OF` and its id. */
export const EVENT_OF = `(SELECT id FROM events WHERE room = ${ROOM_OF} AND event_id = ?)`;

export function toRecord(row: Row, pdus: PduCache): EventRecord {
  const eventId = text(row, 'event_id') as EventId;
  const roomId = text(row, 'room_id') as RoomId;
  const version = text(row, 'version');
  const pdu = pdus.read(roomId, eventId, version, bytes(row, 'json'));
  const before = refOf(row, 'before_t', 'before_p');
  return {
    pdu: pdu ?? quarantinedPdu(roomId, eventId, rulesOf(version)),
    place: text(row, 'place') as Place,
    verdict: pdu === undefined ? 'quarantined' : (text(row, 'verdict') as Verdict),
    rule: optionalText(row, 'rule'),
    position: pdu === undefined ? undefined : optionalInteger(row, 'pos'),
    depth: integer(row, 'depth'),
    before,
    after: refOf(row, 'after_t', 'after_p') ?? before,
    redactedBy: optionalText(row, 'redacted_by') as EventId | undefined,
    replaces: optionalText(row, 'replaces') as EventId | undefined,
    claimed: integer(row, 'claimed') === 1,
  };
}

function refOf(row: Row, timelineColumn: string, atColumn: string): StateRef | undefined {
  const timeline = optionalInteger(row, timelineColumn);
  return timeline === undefined ? undefined : { timeline, at: integer(row, atColumn) };
}
