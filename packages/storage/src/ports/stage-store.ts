import type { EventId, JsonObject, RoomId, ServerName } from '@hansa/protocol';

/** A PDU that we answered for and have not decided on: something that it needs is missing. */
export interface StagedPdu {
  readonly roomId: RoomId;
  readonly eventId: EventId;
  /** As received. */
  readonly json: JsonObject;
  /** Servers that brought it, the first one first. */
  readonly origins: readonly ServerName[];
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  readonly retryAt: number;
  readonly attempts: number;
}

export interface StageReader {
  /** In order of arrival. */
  list(roomId: RoomId, limit: number): Promise<readonly StagedPdu[]>;
  count(roomId: RoomId): Promise<number>;
  countOfOrigin(origin: ServerName): Promise<number>;
  listRooms(): Promise<readonly RoomId[]>;
}

export interface StageWriter {
  /** Held already: the origin is added to its origins. */
  put(pdu: {
    readonly roomId: RoomId;
    readonly eventId: EventId;
    readonly json: JsonObject;
    readonly origin: ServerName;
    readonly arrivedAt: number;
  }): void;
  defer(roomId: RoomId, eventId: EventId, retryAt: number): void;
  delete(roomId: RoomId, eventId: EventId): void;
  deleteRoom(roomId: RoomId): void;
}
