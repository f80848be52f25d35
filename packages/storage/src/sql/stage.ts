import type { EventId, JsonObject, RoomId, ServerName } from '@hansa/protocol';
import { MAX_STAGE_ORIGINS } from '../ports/stage-store.ts';
import type { NextAttempt, StagedPdu, StageReader, StageWriter } from '../ports/stage-store.ts';
import { objectOf, toBytes } from './json-bytes.ts';
import type { Recorder } from './part.ts';
import { bytes, integer, text, type Row, type Rows } from './rows.ts';

export class SqlStageReader implements StageReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async list(roomId: RoomId, limit: number): Promise<readonly StagedPdu[]> {
    const rows = await this.#rows.all(
      `SELECT n, room_id, event_id, arrived_at, retry_at, attempts FROM stage
       WHERE room_id = ? ORDER BY n LIMIT ?`,
      [roomId, limit],
    );
    const origins = await this.#originsOf(roomId);
    return rows.map((row) => toStaged(row, origins));
  }

  async read(id: number): Promise<JsonObject | undefined> {
    const row = await this.#rows.first('SELECT json FROM stage WHERE n = ?', [id]);
    return row === undefined ? undefined : objectOf(bytes(row, 'json'));
  }

  async has(roomId: RoomId, eventId: EventId): Promise<boolean> {
    const row = await this.#rows.first(
      'SELECT 1 AS found FROM stage WHERE room_id = ? AND event_id = ?',
      [roomId, eventId],
    );
    return row !== undefined;
  }

  async countByOrigin(roomId: RoomId): Promise<ReadonlyMap<ServerName, number>> {
    const rows = await this.#rows.all(
      'SELECT origin, count(*) AS n FROM stage WHERE room_id = ? GROUP BY origin ORDER BY origin',
      [roomId],
    );
    return new Map(rows.map((row) => [text(row, 'origin') as ServerName, integer(row, 'n')]));
  }

  async count(roomId: RoomId): Promise<number> {
    return this.#count('SELECT count(*) AS n FROM stage WHERE room_id = ?', roomId);
  }

  async countOfOrigin(origin: ServerName): Promise<number> {
    return this.#count('SELECT count(*) AS n FROM stage_origins WHERE origin = ?', origin);
  }

  async listRooms(): Promise<readonly RoomId[]> {
    const rows = await this.#rows.all('SELECT DISTINCT room_id FROM stage ORDER BY room_id');
    return rows.map((row) => text(row, 'room_id') as RoomId);
  }

  async #count(sql: string, parameter: string): Promise<number> {
    const row = await this.#rows.first(sql, [parameter]);
    return row === undefined ? 0 : integer(row, 'n');
  }

  async #originsOf(roomId: RoomId): Promise<ReadonlyMap<string, readonly ServerName[]>> {
    const rows = await this.#rows.all(
      `SELECT event_id, origin FROM stage_origins WHERE room_id = ? ORDER BY arrived_at, origin`,
      [roomId],
    );
    const origins = new Map<string, ServerName[]>();
    for (const row of rows) {
      const eventId = text(row, 'event_id');
      const origin = text(row, 'origin') as ServerName;
      const known = origins.get(eventId);
      if (known === undefined) origins.set(eventId, [origin]);
      else known.push(origin);
    }
    return origins;
  }
}

function toStaged(row: Row, origins: ReadonlyMap<string, readonly ServerName[]>): StagedPdu {
  const eventId = text(row, 'event_id') as EventId;
  return {
    id: integer(row, 'n'),
    roomId: text(row, 'room_id') as RoomId,
    eventId,
    origins: origins.get(eventId) ?? [],
    arrivedAt: integer(row, 'arrived_at'),
    retryAt: integer(row, 'retry_at'),
    attempts: integer(row, 'attempts'),
  };
}

export class SqlStageWriter implements StageWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  put({ roomId, eventId, json, origin, ...more }: Parameters<StageWriter['put']>[0]): void {
    const { arrivedAt, isFromSender } = more;
    if (isFromSender) this.#dropCopiesOfOthers(roomId, eventId, origin);
    this.#part.record(
      `INSERT INTO stage (room_id, event_id, json, origin, arrived_at, retry_at)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      [roomId, eventId, toBytes(json), origin, arrivedAt, arrivedAt],
    );
    this.#part.record(
      `INSERT INTO stage_origins (room_id, event_id, origin, arrived_at) SELECT ?, ?, ?, ?
       WHERE (SELECT count(*) FROM stage_origins WHERE room_id = ? AND event_id = ?) < ?
       ON CONFLICT DO NOTHING`,
      [roomId, eventId, origin, arrivedAt, roomId, eventId, MAX_STAGE_ORIGINS],
    );
  }

  #dropCopiesOfOthers(roomId: RoomId, eventId: EventId, sender: ServerName): void {
    for (const table of ['stage', 'stage_origins']) {
      this.#part.record(
        `DELETE FROM ${table} WHERE room_id = ? AND event_id = ? AND NOT EXISTS (
           SELECT 1 FROM stage_origins o WHERE o.room_id = ? AND o.event_id = ? AND o.origin = ?)`,
        [roomId, eventId, roomId, eventId, sender],
      );
    }
  }

  defer(roomId: RoomId, eventId: EventId, { retryAt, attempts }: NextAttempt): void {
    this.#part.record(
      'UPDATE stage SET retry_at = ?, attempts = ? WHERE room_id = ? AND event_id = ?',
      [retryAt, attempts, roomId, eventId],
    );
  }

  delete(roomId: RoomId, eventId: EventId): void {
    for (const table of ['stage', 'stage_origins']) {
      this.#part.record(`DELETE FROM ${table} WHERE room_id = ? AND event_id = ?`, [
        roomId,
        eventId,
      ]);
    }
  }

  deleteRoom(roomId: RoomId): void {
    for (const table of ['stage', 'stage_origins']) {
      this.#part.record(`DELETE FROM ${table} WHERE room_id = ?`, [roomId]);
    }
  }
}
