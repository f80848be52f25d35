import type { EventId, RoomId } from '@hansa/protocol';
import type { EventRange, EventReader, EventRecord } from '../ports/event-store.ts';
import { ROOM_OF, SELECT_EVENTS, toRecord } from './event-rows.ts';
import { inLists } from './in-lists.ts';
import type { PduCache } from './pdu-cache.ts';
import { integer, text, type Row, type Rows } from './rows.ts';

const VISIBLE = `e.verdict = 'accepted' AND e.place = 'timeline' AND e.before_t IS NOT NULL`;
const SELECT_AUTH = `
  SELECT DISTINCT a.id, a.event_id FROM auth_edges x JOIN events a ON a.id = x.auth WHERE x.event`;
// Texts that every event asks for are made once: a text that is put together anew is hashed anew, to find its statement.
const FIND = `${SELECT_EVENTS} WHERE e.room = ${ROOM_OF} AND e.event_id = ?`;
const LIST_CHILDREN = `
  SELECT e.id, e.event_id FROM events p JOIN prev_edges x ON x.prev = p.id JOIN events e ON e.id = x.event
  WHERE p.room = ${ROOM_OF} AND p.event_id = ?
  UNION
  SELECT e.id, e.event_id FROM missing_prev_edges x JOIN events e ON e.id = x.event
  WHERE x.room = ${ROOM_OF} AND x.prev = ?
  ORDER BY 1`;
const LIST_HELD_REDACTIONS = `
  SELECT e.event_id FROM held_redactions h JOIN events e ON e.id = h.redaction
  WHERE h.room = ${ROOM_OF} AND h.target = ? ORDER BY e.id`;
const HIGHEST = Number.MAX_SAFE_INTEGER;

export class SqlEventReader implements EventReader {
  readonly #rows: Rows;
  readonly #pdus: PduCache;
  readonly loadAuthGraph: EventReader['loadAuthGraph'];

  /** How an auth graph is walked is the database's own matter. */
  constructor(rows: Rows, pdus: PduCache, loadAuthGraph: EventReader['loadAuthGraph']) {
    this.#rows = rows;
    this.#pdus = pdus;
    this.loadAuthGraph = loadAuthGraph;
  }

  async find(roomId: RoomId, eventId: EventId): Promise<EventRecord | undefined> {
    const row = await this.#rows.first(FIND, [roomId, eventId]);
    return row === undefined ? undefined : toRecord(row, this.#pdus);
  }

  async findMany(roomId: RoomId, eventIds: readonly EventId[]): Promise<readonly EventRecord[]> {
    const found = new Map<EventId, EventRecord>();
    for (const { places, values } of inLists(eventIds)) {
      const rows = await this.#rows.all(
        `${SELECT_EVENTS} WHERE e.room = ${ROOM_OF} AND e.event_id IN (${places})`,
        [roomId, ...values],
      );
      for (const row of rows)
        found.set(text(row, 'event_id') as EventId, toRecord(row, this.#pdus));
    }
    return eventIds.flatMap((eventId) => found.get(eventId) ?? []);
  }

  async findRoomOf(eventId: EventId): Promise<RoomId | undefined> {
    const row = await this.#rows.first(
      'SELECT r.room_id FROM events e JOIN rooms r ON r.id = e.room WHERE e.event_id = ? LIMIT 1',
      [eventId],
    );
    return row === undefined ? undefined : (text(row, 'room_id') as RoomId);
  }

  /** What cannot be read leaves no hole: a page that is not full would be taken for the last one. */
  async listRange(range: EventRange): Promise<readonly EventRecord[]> {
    const { direction, limit } = range;
    const readable: EventRecord[] = [];
    let { from } = range;
    for (;;) {
      const rows = await this.#rangeRows({ ...range, from, limit: limit - readable.length });
      const isLast = readable.length + rows.length < limit;
      for (const row of rows) {
        const record = toRecord(row, this.#pdus);
        if (record.verdict !== 'quarantined') readable.push(record);
      }
      const last = rows.at(-1);
      if (last === undefined || isLast || readable.length >= limit) return readable;
      const position = integer(last, 'pos');
      from = direction === 'forward' ? Math.max(from, position) : Math.min(from, position);
    }
  }

  #rangeRows({ roomId, direction, from, to, limit }: EventRange): Promise<readonly Row[]> {
    return direction === 'forward'
      ? this.#rows.all(
          `${SELECT_EVENTS} WHERE e.room = ${ROOM_OF} AND e.pos > ? AND e.pos <= ? AND ${VISIBLE}
             ORDER BY e.pos LIMIT ?`,
          [roomId, from, to ?? HIGHEST, limit],
        )
      : this.#rows.all(
          `${SELECT_EVENTS} WHERE e.room = ${ROOM_OF} AND e.pos < ? AND e.pos > ? AND ${VISIBLE}
             ORDER BY e.pos DESC LIMIT ?`,
          [roomId, from, to ?? -HIGHEST, limit],
        );
  }

  async listChildren(roomId: RoomId, eventId: EventId): Promise<readonly EventId[]> {
    const rows = await this.#rows.all(LIST_CHILDREN, [roomId, eventId, roomId, eventId]);
    return rows.map((row) => text(row, 'event_id') as EventId);
  }

  async listHeldRedactions(roomId: RoomId, target: EventId): Promise<readonly EventId[]> {
    const rows = await this.#rows.all(LIST_HELD_REDACTIONS, [roomId, target]);
    return rows.map((row) => text(row, 'event_id') as EventId);
  }

  async listAuthChain(roomId: RoomId, eventIds: readonly EventId[]): Promise<readonly EventId[]> {
    const chain = new Map<number, EventId>();
    let frontier: number[] = [];
    const add = (rows: readonly Row[]): void => {
      for (const row of rows) {
        const id = integer(row, 'id');
        if (chain.has(id)) continue;
        chain.set(id, text(row, 'event_id') as EventId);
        frontier.push(id);
      }
    };
    for (const { places, values } of inLists(eventIds)) {
      const events = `SELECT id FROM events WHERE room = ${ROOM_OF} AND event_id IN (${places})`;
      add(await this.#rows.all(`${SELECT_AUTH} IN (${events}) ORDER BY a.id`, [roomId, ...values]));
    }
    // Level by level, each event once, however many name it.
    while (frontier.length > 0) {
      const level = inLists(frontier);
      frontier = [];
      for (const { places, values } of level) {
        add(await this.#rows.all(`${SELECT_AUTH} IN (${places}) ORDER BY a.id`, values));
      }
    }
    return [...chain.values()];
  }
}
