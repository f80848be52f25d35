import type { EventId, RoomId, UserId } from '@hansa/protocol';
import type { Position } from './position.ts';

/** How far somebody has read a room. Source: client-server API, "Receipts". */
export interface Receipt {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly type: 'm.read' | 'm.read.private';
  /** Root of a thread, or `main`; undefined for the whole room. */
  readonly threadId: string | undefined;
  readonly eventId: EventId;
  /** Milliseconds since the epoch. */
  readonly ts: number;
}

/** What there is one receipt of. */
export type ReceiptKey = Pick<Receipt, 'roomId' | 'userId' | 'type' | 'threadId'>;

export interface ReceiptReader {
  find(key: ReceiptKey): Promise<Receipt | undefined>;
  /** Those of a room that came with after < position ≤ upTo, the newest `limit` of them, newest first. */
  listInRoom(query: {
    readonly roomId: RoomId;
    readonly after: number;
    readonly upTo: number;
    readonly limit: number;
  }): Promise<readonly Receipt[]>;
}

export interface ReceiptWriter {
  /** Replaces that of the same key; of one user's threads in a room the newest `MAX_THREADS_READ` stay. */
  put(receipt: Receipt & { readonly position: Position }): void;
}

/** Receipts of one type that a user has in a room. */
export const MAX_THREADS_READ = 100;
