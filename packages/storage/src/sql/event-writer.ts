import { EVENT_MAX_BYTES } from '@hansa/protocol';
import type { EventId, Pdu, RoomId, ServerName } from '@hansa/protocol';
import type { EventWriter, NewEvent } from '../ports/event-store.ts';
import type { Position } from '../ports/position.ts';
import { EVENT_OF, ROOM_OF } from './event-rows.ts';
import { toBytes } from './json-bytes.ts';
import type { Recorder } from './part.ts';
import { storedDepth } from './stored-depth.ts';

// Texts of every event, made once: a text that is put together anew is hashed anew, to find its statement.
const PUT = `INSERT INTO events (room, event_id, place, verdict, rule, pos, depth, before_t, before_p, after_t,
         after_p, claimed, send, except_to, replaces, stored_at, json)
       VALUES (${ROOM_OF}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${EVENT_OF}, ?, ?)
       ON CONFLICT (room, event_id) DO UPDATE SET place = excluded.place, verdict = excluded.verdict,
         rule = excluded.rule, pos = excluded.pos, depth = excluded.depth, before_t = excluded.before_t,
         before_p = excluded.before_p, after_t = excluded.after_t, after_p = excluded.after_p,
         claimed = excluded.claimed, send = excluded.send, except_to = excluded.except_to,
         replaces = excluded.replaces, json = excluded.json
       WHERE events.place = 'outlier'`;
const PUT_PREV_EDGE = `INSERT INTO prev_edges (prev, event)
       SELECT p.id, (SELECT e.id FROM events e WHERE e.room = p.room AND e.event_id = ?) FROM events p
       WHERE p.room = ${ROOM_OF} AND p.event_id = ?
       ON CONFLICT DO NOTHING`;
const PUT_MISSING_PREV_EDGE = `INSERT INTO missing_prev_edges (room, prev, event)
       SELECT e.room, ?, e.id FROM events e WHERE e.room = ${ROOM_OF} AND e.event_id = ?
         AND NOT EXISTS (SELECT 1 FROM events p WHERE p.room = e.room AND p.event_id = ?)
       ON CONFLICT DO NOTHING`;

export class SqlEventWriter implements EventWriter {
  readonly #part: Recorder;
  readonly #written: Pdu[];

  /** `written` gets the events: they are read next, and need not be parsed for that. */
  constructor(part: Recorder, written: Pdu[]) {
    this.#part = part;
    this.#written = written;
  }

  put(event: NewEvent): void {
    const { pdu } = event;
    const json = toBytes(pdu.json);
    // The cache would hide until the next start that it cannot be read.
    if (json.byteLength > EVENT_MAX_BYTES) {
      throw new RangeError(`${pdu.eventId} is ${json.byteLength} bytes long`);
    }
    this.#written.push(pdu);
    this.#part.record(PUT, [
      pdu.roomId,
      pdu.eventId,
      event.place,
      event.verdict,
      event.rule,
      event.position,
      storedDepth(event.depth),
      event.before?.timeline,
      event.before?.at,
      event.after?.timeline,
      event.after?.at,
      event.claimed === true,
      event.send === true,
      event.exceptTo,
      pdu.roomId,
      event.replaces,
      event.storedAt,
      json,
    ]);
    if (pdu.stateKey !== undefined) this.#putAuthEdges(event);
    if (event.place === 'timeline') this.#putPrevEdges(event);
  }

  setPosition(roomId: RoomId, eventId: EventId, position: Position): void {
    this.#part.record(`UPDATE events SET pos = ? WHERE room = ${ROOM_OF} AND event_id = ?`, [
      position,
      roomId,
      eventId,
    ]);
  }

  holdRedaction(roomId: RoomId, redaction: EventId, target: EventId): void {
    this.#part.record(
      `INSERT INTO held_redactions (room, target, redaction) VALUES (${ROOM_OF}, ?, ${EVENT_OF})`,
      [roomId, target, roomId, redaction],
    );
  }

  releaseRedaction(roomId: RoomId, redaction: EventId): void {
    this.#part.record(
      `DELETE FROM held_redactions WHERE room = ${ROOM_OF} AND redaction = ${EVENT_OF}`,
      [roomId, roomId, redaction],
    );
  }

  setRedactedBy(roomId: RoomId, target: EventId, redaction: EventId): void {
    this.#part.record(
      `UPDATE events SET redacted_by = ${EVENT_OF} WHERE room = ${ROOM_OF} AND event_id = ?`,
      [roomId, redaction, roomId, target],
    );
  }

  sendTo(server: ServerName, roomId: RoomId, position: Position, eventId?: EventId): void {
    this.#part.record(
      `INSERT INTO outbox_extras (server, pos, room, event) VALUES (?, ?, ${ROOM_OF}, ${EVENT_OF})
       ON CONFLICT DO NOTHING`,
      [server, position, roomId, roomId, eventId],
    );
  }

  #putAuthEdges({ pdu: { roomId, eventId, authEvents } }: NewEvent): void {
    for (const auth of new Set(authEvents)) {
      this.#part.record(
        // A rejected event may name what is not there; no decision walks from it.
        `INSERT INTO auth_edges (auth, event)
         SELECT a.id, e.id FROM events a JOIN events e ON e.room = a.room
         WHERE a.room = ${ROOM_OF} AND a.event_id = ? AND e.event_id = ?
         ON CONFLICT DO NOTHING`,
        [roomId, auth, eventId],
      );
    }
  }

  #putPrevEdges({ pdu: { roomId, eventId, prevEvents } }: NewEvent): void {
    for (const prev of new Set(prevEvents)) {
      this.#part.record(PUT_PREV_EDGE, [eventId, roomId, prev]);
      this.#part.record(PUT_MISSING_PREV_EDGE, [prev, roomId, eventId, prev]);
    }
  }
}
