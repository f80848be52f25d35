import type { DeviceId, EventId, RoomId, UserId } from '@hansa/protocol';
import { MAX_FORGOTTEN } from '../ports/client-transaction-store.ts';
import type {
  ClientTransactionReader,
  ClientTransactionRecord,
  ClientTransactionWriter,
} from '../ports/client-transaction-store.ts';
import { EVENT_OF, ROOM_OF } from './event-rows.ts';
import type { Recorder } from './part.ts';
import { optionalInteger, text, type Rows } from './rows.ts';

const INSERT = `
  INSERT INTO client_transactions (user_id, device_id, key, room, event, at)
  VALUES (?, ?, ?, ${ROOM_OF}, ${EVENT_OF}, ?)`;

export class SqlClientTransactionReader implements ClientTransactionReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async findEvent({
    userId,
    deviceId,
    key,
  }: ClientTransactionRecord): Promise<
    { readonly roomId: RoomId; readonly eventId: EventId } | undefined
  > {
    const row = await this.#rows.first(
      `SELECT r.room_id, e.event_id FROM client_transactions t
       JOIN events e ON e.id = t.event JOIN rooms r ON r.id = t.room
       WHERE t.user_id = ? AND t.device_id = ? AND t.key = ?`,
      [userId, deviceId, key],
    );
    if (row === undefined) return undefined;
    return {
      roomId: text(row, 'room_id') as RoomId,
      eventId: text(row, 'event_id') as EventId,
    };
  }

  async listOf(
    roomId: RoomId,
    eventIds: readonly EventId[],
  ): Promise<ReadonlyMap<EventId, ClientTransactionRecord>> {
    const found = new Map<EventId, ClientTransactionRecord>();
    for (const eventId of eventIds) {
      const row = await this.#rows.first(
        `SELECT user_id, device_id, key FROM client_transactions WHERE event = ${EVENT_OF}`,
        [roomId, eventId],
      );
      if (row === undefined) continue;
      found.set(eventId, {
        userId: text(row, 'user_id') as UserId,
        deviceId: text(row, 'device_id') as DeviceId,
        key: text(row, 'key'),
      });
    }
    return found;
  }

  async findOldest(): Promise<number | undefined> {
    const row = await this.#rows.first('SELECT min(at) AS oldest FROM client_transactions');
    return row === undefined ? undefined : optionalInteger(row, 'oldest');
  }
}

export class SqlClientTransactionWriter implements ClientTransactionWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  forget(before: number): void {
    this.#part.record(
      `DELETE FROM client_transactions WHERE (user_id, device_id, key) IN (
         SELECT user_id, device_id, key FROM client_transactions WHERE at < ? ORDER BY at LIMIT ?)`,
      [before, MAX_FORGOTTEN],
    );
  }

  insert(transaction: Parameters<ClientTransactionWriter['insert']>[0]): void {
    const { userId, deviceId, key, roomId, eventId, at } = transaction;
    this.#part.record(INSERT, [userId, deviceId, key, roomId, roomId, eventId, at]);
  }
}
