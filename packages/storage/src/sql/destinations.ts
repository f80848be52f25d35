import type { ServerName } from '@hansa/protocol';
import {
  MAX_REFUSALS_A_SERVER,
  newDestination,
  REFUSAL_AGE_MS,
} from '../ports/destination-store.ts';
import type {
  Destination,
  DestinationReader,
  DestinationWriter,
  DueEvents,
  DueQuery,
  Refusal,
} from '../ports/destination-store.ts';
import { listDue } from './due-events.ts';
import { ROOM_OF } from './event-rows.ts';
import type { Recorder } from './part.ts';
import type { PduCache } from './pdu-cache.ts';
import { integer, optionalInteger, optionalText, text, type Row, type Rows } from './rows.ts';

const HIGHEST = Number.MAX_SAFE_INTEGER;

/** Servers that one event is due to, with what is known of them; parameters: room, position, position, after, limit. */
const TARGETS = `
  SELECT t.server AS name, d.* FROM (
    SELECT s.server FROM events e JOIN room_servers s ON s.room = e.room AND e.pos > s.from_pos
      AND e.pos <= coalesce(s.to_pos, ${HIGHEST})
    WHERE e.room = ${ROOM_OF} AND e.pos = ? AND e.send = 1
      AND (e.except_to IS NULL OR e.except_to <> s.server)
    UNION SELECT x.server FROM outbox_extras x WHERE x.pos = ? AND x.event IS NULL
  ) t LEFT JOIN destinations d ON d.server = t.server
  WHERE t.server > ? ORDER BY t.server LIMIT ?`;

/** Destinations that one query for work answers. */
const PAGE = 500;

/** Servers that something is due to or to be tried again with, with what is known of them; parameters: after, limit. */
const WITH_WORK = `
  SELECT s.server AS name, d.* FROM (
    SELECT server FROM room_servers UNION SELECT server FROM outbox_extras
    UNION SELECT server FROM destinations WHERE attempt_id IS NOT NULL
  ) s LEFT JOIN destinations d ON d.server = s.server
  WHERE s.server > ? AND (
    d.attempt_id IS NOT NULL
    OR EXISTS (
      SELECT 1 FROM room_servers r JOIN events e ON e.room = r.room AND e.send = 1
        AND e.pos > CASE WHEN r.from_pos > coalesce(d.cursor, 0) THEN r.from_pos ELSE coalesce(d.cursor, 0) END AND e.pos <= coalesce(r.to_pos, ${HIGHEST})
      WHERE r.server = s.server AND (e.except_to IS NULL OR e.except_to <> s.server))
    OR EXISTS (
      SELECT 1 FROM outbox_extras x LEFT JOIN events e ON e.room = x.room AND e.pos = x.pos
      WHERE x.server = s.server AND x.pos > coalesce(d.cursor, 0)
        AND coalesce(x.event, e.id) IS NOT NULL))
  ORDER BY s.server LIMIT ?`;

export class SqlDestinationReader implements DestinationReader {
  readonly #rows: Rows;
  readonly #pdus: PduCache;

  constructor(rows: Rows, pdus: PduCache) {
    this.#rows = rows;
    this.#pdus = pdus;
  }

  async find(server: ServerName): Promise<Destination | undefined> {
    const row = await this.#rows.first('SELECT * FROM destinations WHERE server = ?', [server]);
    return row === undefined ? undefined : toDestination(row);
  }

  async listWithWork(): Promise<readonly Destination[]> {
    const withWork: Destination[] = [];
    for (let after = ''; ;) {
      const rows = await this.#rows.all(WITH_WORK, [after, PAGE]);
      for (const row of rows) {
        after = text(row, 'name');
        withWork.push(knownOrNew(row));
      }
      if (rows.length < PAGE) return withWork;
    }
  }

  async listServersInRooms(limit: number): Promise<readonly ServerName[]> {
    const rows = await this.#rows.all(
      'SELECT DISTINCT server FROM room_servers WHERE to_pos IS NULL ORDER BY server LIMIT ?',
      [limit],
    );
    return rows.map((row) => text(row, 'server') as ServerName);
  }

  listDue(query: DueQuery): Promise<DueEvents> {
    return listDue(this.#rows, this.#pdus, query);
  }

  async listTargets({
    roomId,
    position,
    after,
    limit,
  }: Parameters<DestinationReader['listTargets']>[0]): Promise<readonly Destination[]> {
    const rows = await this.#rows.all(TARGETS, [roomId, position, position, after, limit]);
    return rows.map(knownOrNew);
  }

  async listRefusals(position: number): Promise<readonly Refusal[]> {
    const rows = await this.#rows.all(
      'SELECT server, error, at FROM delivery_refusals WHERE pos = ? ORDER BY server',
      [position],
    );
    return rows.map((row) => ({
      server: text(row, 'server') as ServerName,
      position,
      error: text(row, 'error'),
      at: integer(row, 'at'),
    }));
  }
}

/** Of a server named by the row, which may be known or not. */
function knownOrNew(row: Row): Destination {
  if (row['server'] !== null) return toDestination(row);
  return newDestination(text(row, 'name') as ServerName);
}

function toDestination(row: Row): Destination {
  const transactionId = optionalText(row, 'attempt_id');
  return {
    server: text(row, 'server') as ServerName,
    cursor: integer(row, 'cursor'),
    attempt:
      transactionId === undefined
        ? undefined
        : { transactionId, upTo: integer(row, 'attempt_up_to') },
    failures: integer(row, 'failures'),
    retryAt: optionalInteger(row, 'retry_at'),
  };
}

export class SqlDestinationWriter implements DestinationWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  put({ server, cursor, attempt, failures, retryAt }: Destination): void {
    this.#part.record(
      `INSERT INTO destinations (server, cursor, attempt_id, attempt_up_to, failures, retry_at)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (server) DO UPDATE SET cursor = excluded.cursor, attempt_id = excluded.attempt_id,
         attempt_up_to = excluded.attempt_up_to, failures = excluded.failures, retry_at = excluded.retry_at`,
      [server, cursor, attempt?.transactionId, attempt?.upTo, failures, retryAt],
    );
  }

  insertRefusal(refusal: Refusal): void {
    this.#part.record(
      `INSERT INTO delivery_refusals (server, pos, error, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (server, pos) DO UPDATE SET error = excluded.error, at = excluded.at`,
      [refusal.server, refusal.position, refusal.error, refusal.at],
    );
    this.#part.record('DELETE FROM delivery_refusals WHERE at < ?', [refusal.at - REFUSAL_AGE_MS]);
    this.#part.record(
      `DELETE FROM delivery_refusals WHERE server = ? AND pos <= (
         SELECT pos FROM delivery_refusals WHERE server = ? ORDER BY pos DESC LIMIT 1 OFFSET ?)`,
      [refusal.server, refusal.server, MAX_REFUSALS_A_SERVER],
    );
  }
}
