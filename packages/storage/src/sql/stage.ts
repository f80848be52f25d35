import type { EventId, RoomId, ServerName } from '@hansa/protocol';
import type { StagedPdu, StageReader, StageWriter } from '../ports/stage-store.ts';
import { objectOf, toBytes } from './json-bytes.ts';
import type { Recorder } from './part.ts';
import { bytes, integer, text, type Row, type Rows } from './rows.ts';

export class SqlStageReader implements StageReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async list(roomId: RoomId, limit: number): Promise<readonly StagedPdu[]> {
    const rows = await this.#rows.all('SELECT * FROM stage WHERE room_id = ? ORDER BY n LIMIT ?', [
      roomId,
      limit,
    ]);
    return Promise.all(rows.map((row) => this.#toStaged(row)));
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

  async #toStaged(row: Row): Promise<StagedPdu> {
    const roomId = text(row, 'room_id') as RoomId;
    const eventId = text(row, 'event_id') as EventId;
    const origins = await this.#rows.all(
      `SELECT origin FROM stage_origins WHERE room_id = ? AND event_id = ? ORDER BY arrived_at, origin`,
      [roomId, eventId],
    );
    return {
      roomId,
      eventId,
      json: objectOf(bytes(row, 'json')),
      origins: origins.map((origin) => text(origin, 'origin') as ServerName),
      arrivedAt: integer(row, 'arrived_at'),
      retryAt: integer(row, 'retry_at'),
      attempts: integer(row, 'attempts'),
    };
  }
}

export class SqlStageWriter implements StageWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  put({ roomId, eventId, json, origin, arrivedAt }: Parameters<StageWriter['put']>[0]): void {
    this.#part.record(
      `INSERT INTO stage (room_id, event_id, json, arrived_at, retry_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      [roomId, eventId, toBytes(json), arrivedAt, arrivedAt],
    );
    this.#part.record(
      `INSERT INTO stage_origins (room_id, event_id, origin, arrived_at) VALUES (?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      [roomId, eventId, origin, arrivedAt],
    );
  }

  defer(roomId: RoomId, eventId: EventId, retryAt: number): void {
    this.#part.record(
      'UPDATE stage SET retry_at = ?, attempts = attempts + 1 WHERE room_id = ? AND event_id = ?',
      [retryAt, roomId, eventId],
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
