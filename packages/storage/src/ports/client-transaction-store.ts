import type { DeviceId, EventId, RoomId, UserId } from '@hansa/protocol';

export interface ClientTransactionRecord {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly key: string;
}

export interface ClientTransactionReader {
  findEvent(
    transaction: ClientTransactionRecord,
  ): Promise<{ readonly roomId: RoomId; readonly eventId: EventId } | undefined>;
  /** The transaction that each of these events was sent by. */
  listOf(
    roomId: RoomId,
    eventIds: readonly EventId[],
  ): Promise<ReadonlyMap<EventId, ClientTransactionRecord>>;
  /** When the oldest that is held was answered. */
  findOldest(): Promise<number | undefined>;
}

/** Transactions that one part forgets. */
export const MAX_FORGOTTEN = 1_000;

export interface ClientTransactionWriter {
  /** Forgets those that were answered before that time, the oldest `MAX_FORGOTTEN` of them. */
  forget(before: number): void;
  insert(
    transaction: ClientTransactionRecord & {
      readonly roomId: RoomId;
      readonly eventId: EventId;
      readonly at: number;
    },
  ): void;
}
