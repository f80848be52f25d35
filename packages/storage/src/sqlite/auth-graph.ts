import type { EventId, Pdu, RoomId, RoomVersionRules } from '@hansa/protocol';
import type { StoredAuthGraph } from '../ports/event-store.ts';
import { EVENT_OF, ROOM_OF } from '../sql/event-rows.ts';
import type { PduCache } from '../sql/pdu-cache.ts';
import { bytes, integer, text, type Row } from '../sql/rows.ts';
import type { Connection } from './connection.ts';

/**
 * SQLite answers within the call, so nothing is loaded ahead. Events were stored in auth order, which makes
 * their numbers the order that resolution asks for.
 */
export class SqliteAuthGraph implements StoredAuthGraph {
  readonly #connection: Connection;
  readonly #pdus: PduCache;
  readonly #roomId: RoomId;
  readonly #rules: RoomVersionRules;

  constructor(connection: Connection, pdus: PduCache, roomId: RoomId, rules: RoomVersionRules) {
    this.#connection = connection;
    this.#pdus = pdus;
    this.#roomId = roomId;
    this.#rules = rules;
  }

  event(eventId: EventId): Pdu | undefined {
    const row = this.#find('json', eventId);
    if (row === undefined) return undefined;
    return this.#pdus.read(this.#roomId, eventId, this.#rules.id, bytes(row, 'json'));
  }

  rejected(eventId: EventId): boolean {
    const row = this.#find('verdict', eventId);
    return row !== undefined && text(row, 'verdict') === 'rejected';
  }

  order(eventId: EventId): number | undefined {
    const row = this.#find('id', eventId);
    return row === undefined ? undefined : integer(row, 'id');
  }

  referrers(eventId: EventId, before: number, limit: number): readonly EventId[] {
    const rows = this.#connection.all(
      `SELECT e.event_id FROM auth_edges x JOIN events e ON e.id = x.event
       WHERE x.auth = ${EVENT_OF} AND x.event < ? ORDER BY x.event DESC LIMIT ?`,
      [this.#roomId, eventId, before, limit],
    );
    return rows.map((row) => text(row, 'event_id') as EventId);
  }

  async load(): Promise<void> {}

  complete<T>(attempt: () => Promise<T>): Promise<T> {
    return attempt();
  }

  #find(column: 'json' | 'verdict' | 'id', eventId: EventId): Row | undefined {
    return this.#connection.first(
      `SELECT ${column} FROM events WHERE room = ${ROOM_OF} AND event_id = ?`,
      [this.#roomId, eventId],
    );
  }
}
