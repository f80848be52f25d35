import { StateMap } from '@hansa/protocol';
import type { EventId, RoomId } from '@hansa/protocol';
import type {
  StateKey,
  StateReader,
  StateRef,
  StateRow,
  StateTimeline,
} from '../ports/state-store.ts';
import { FLOOR } from '../ports/state-store.ts';
import { ROOM_OF } from './event-rows.ts';
import { inLists } from './in-lists.ts';
import { integer, optionalInteger, optionalText, text, type Row, type Rows } from './rows.ts';

const SELECT_ROWS = `
  SELECT l.p, k.type, k.state_key, e.event_id AS event, o.event_id AS previous
  FROM state_log l
  JOIN state_keys k ON k.id = l.key
  LEFT JOIN events e ON e.id = l.ev
  LEFT JOIN events o ON o.id = l.prev`;

/** That no later row of the same key stands at or before the position. */
const IS_LAST = `NOT EXISTS (
  SELECT 1 FROM state_log n WHERE n.t = l.t AND n.key = l.key AND n.p > l.p AND n.p <= ?)`;

/**
 * The last row of each key of a list. It is named by its place alone: told its key too, SQLite would rather look through
 * the timeline than for the key.
 */
const selectLast = (keys: string): string => `
  SELECT l.p, k.type, k.state_key, e.event_id AS event, o.event_id AS previous
  FROM state_keys k
  JOIN state_log l ON l.t = ? AND l.p = (
    SELECT max(n.p) FROM state_log n WHERE n.t = ? AND n.key = k.id AND n.p <= ?)
  LEFT JOIN events e ON e.id = l.ev
  LEFT JOIN events o ON o.id = l.prev
  WHERE (k.type, k.state_key) IN (VALUES ${keys})`;

export class SqlStateReader implements StateReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async getTimeline(timeline: number): Promise<StateTimeline> {
    const row = await this.#rows.first(
      `SELECT pt, pp, depth, (SELECT max(p) FROM state_log WHERE t = s.t) AS head
       FROM state_timelines s WHERE t = ?`,
      [timeline],
    );
    if (row === undefined) throw new RangeError(`no state timeline ${timeline}`);
    const parent = optionalInteger(row, 'pt');
    return {
      timeline,
      parent: parent === undefined ? undefined : { timeline: parent, at: integer(row, 'pp') },
      depth: integer(row, 'depth'),
      // Floor rows lie far below the first that is appended.
      head: Math.max(0, optionalInteger(row, 'head') ?? 0),
    };
  }

  async listRows(timeline: number, above: number, upTo: number): Promise<readonly StateRow[]> {
    const rows = await this.#rows.all(
      `${SELECT_ROWS} WHERE l.t = ? AND l.p > ? AND l.p <= ? ORDER BY l.p`,
      [timeline, above, upTo],
    );
    return rows.map(toStateRow);
  }

  async findLastRows(
    timeline: number,
    upTo: number,
    keys: readonly StateKey[],
  ): Promise<readonly (StateRow | undefined)[]> {
    const found = new StateMap<StateRow>();
    for (const { places, values } of inLists(keys, '(?, ?)')) {
      const bounds = [timeline, timeline, upTo];
      for (const row of await this.#rows.all(selectLast(places), [...bounds, ...values.flat()])) {
        const last = toStateRow(row);
        found.set(last.type, last.stateKey, last);
      }
    }
    return keys.map(([type, stateKey]) => found.get(type, stateKey));
  }

  async listLastRows(timeline: number, upTo: number, type?: string): Promise<readonly StateRow[]> {
    const rows =
      type === undefined
        ? await this.#rows.all(
            `${SELECT_ROWS} WHERE l.t = ? AND l.p <= ? AND ${IS_LAST} ORDER BY l.p`,
            [timeline, upTo, upTo],
          )
        : await this.#rows.all(
            `${SELECT_ROWS} WHERE l.t = ? AND l.p <= ? AND k.type = ? AND ${IS_LAST} ORDER BY l.p`,
            [timeline, upTo, type, upTo],
          );
    return rows.map(toStateRow);
  }

  async findLowest(timeline: number): Promise<number> {
    const row = await this.#rows.first(
      `SELECT min(p) AS p FROM state_log WHERE t = ? AND p > ${FLOOR / 2} AND p <= 0`,
      [timeline],
    );
    // The row at a position makes its state from the one before.
    const lowest = row === undefined ? undefined : optionalInteger(row, 'p');
    return lowest === undefined ? 0 : lowest - 1;
  }

  async findRefAt(roomId: RoomId, position: number): Promise<StateRef | undefined> {
    const segment = await this.#rows.first(
      `SELECT t FROM segments WHERE room = ${ROOM_OF} AND from_pos <= ? ORDER BY from_pos DESC LIMIT 1`,
      [roomId, position],
    );
    if (segment === undefined) return undefined;
    const timeline = integer(segment, 't');
    const row = await this.#rows.first(
      'SELECT max(p) AS p FROM state_log WHERE t = ? AND pos IS NOT NULL AND pos <= ?',
      [timeline, position],
    );
    return { timeline, at: (row === undefined ? undefined : optionalInteger(row, 'p')) ?? 0 };
  }
}

function toStateRow(row: Row): StateRow {
  return {
    at: integer(row, 'p'),
    type: text(row, 'type'),
    stateKey: text(row, 'state_key'),
    event: optionalText(row, 'event') as EventId | undefined,
    previous: optionalText(row, 'previous') as EventId | undefined,
  };
}
