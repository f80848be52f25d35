import type { EventId, UserId } from '@hansa/protocol';
import {
  MAX_THREADS_READ,
  type Receipt,
  type ReceiptKey,
  type ReceiptReader,
  type ReceiptWriter,
} from '../ports/receipt-store.ts';
import { ROOM_OF } from './event-rows.ts';
import type { Recorder } from './part.ts';
import { integer, text, type Row, type Rows } from './rows.ts';

export class SqlReceiptReader implements ReceiptReader {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  async find({ roomId, userId, type, threadId = '' }: ReceiptKey): Promise<Receipt | undefined> {
    const row = await this.#rows.first(
      `SELECT * FROM receipts WHERE room = ${ROOM_OF} AND user_id = ? AND type = ? AND thread = ?`,
      [roomId, userId, type, threadId],
    );
    return row === undefined ? undefined : toReceipt(roomId, row);
  }

  async listInRoom({
    roomId,
    after,
    upTo,
    limit,
  }: Parameters<ReceiptReader['listInRoom']>[0]): Promise<readonly Receipt[]> {
    const rows = await this.#rows.all(
      `SELECT * FROM receipts WHERE room = ${ROOM_OF} AND pos > ? AND pos <= ?
       ORDER BY pos DESC LIMIT ?`,
      [roomId, after, upTo, limit],
    );
    return rows.map((row) => toReceipt(roomId, row));
  }
}

function toReceipt(roomId: Receipt['roomId'], row: Row): Receipt {
  const thread = text(row, 'thread');
  return {
    roomId,
    userId: text(row, 'user_id') as UserId,
    type: text(row, 'type') as Receipt['type'],
    threadId: thread === '' ? undefined : thread,
    eventId: text(row, 'event_id') as EventId,
    ts: integer(row, 'ts'),
  };
}

export class SqlReceiptWriter implements ReceiptWriter {
  readonly #part: Recorder;

  constructor(part: Recorder) {
    this.#part = part;
  }

  put(receipt: Parameters<ReceiptWriter['put']>[0]): void {
    const { roomId, userId, type, threadId = '', eventId, ts, position } = receipt;
    this.#part.record(
      `INSERT INTO receipts (room, user_id, type, thread, event_id, ts, pos)
       VALUES (${ROOM_OF}, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (room, user_id, type, thread) DO UPDATE SET event_id = excluded.event_id,
         ts = excluded.ts, pos = excluded.pos`,
      [roomId, userId, type, threadId, eventId, ts, position],
    );
    if (threadId === '') return;
    this.#part.record(
      `DELETE FROM receipts WHERE room = ${ROOM_OF} AND user_id = ? AND type = ? AND thread <> '' AND pos < (
         SELECT min(pos) FROM (SELECT pos FROM receipts WHERE room = ${ROOM_OF} AND user_id = ?
           AND type = ? AND thread <> '' ORDER BY pos DESC LIMIT ${MAX_THREADS_READ}) newest)`,
      [roomId, userId, type, roomId, userId, type],
    );
  }
}
