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
}

export interface ClientTransactionWriter {
  insert(
    transaction: ClientTransactionRecord & {
      readonly roomId: RoomId;
      readonly eventId: EventId;
      readonly at: number;
    },
  ): void;
}
