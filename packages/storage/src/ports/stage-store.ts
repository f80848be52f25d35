import type { EventId, JsonObject, RoomId, ServerName } from '@hansa/protocol';

/** A PDU that we answered for and have not decided on: something that it needs is missing. */
export interface StagedPdu {
  /** Of this one staging: no other, of the same event either, has it again. */
  readonly id: number;
  readonly roomId: RoomId;
  readonly eventId: EventId;
  /** Servers that brought it, the first one first; at most `MAX_STAGE_ORIGINS` of them. */
  readonly origins: readonly ServerName[];
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  readonly retryAt: number;
  readonly attempts: number;
}

export type NextAttempt = Pick<StagedPdu, 'retryAt' | 'attempts'>;

/** Whoever brings a PDU that others brought before is one more to ask for what it needs. So many are enough. */
export const MAX_STAGE_ORIGINS = 5;

export interface StageReader {
  /** In order of arrival. */
  list(roomId: RoomId, limit: number): Promise<readonly StagedPdu[]>;
  /** The event as received; undefined where it is not staged any more. */
  read(id: number): Promise<JsonObject | undefined>;
  has(roomId: RoomId, eventId: EventId): Promise<boolean>;
  count(roomId: RoomId): Promise<number>;
  /** By the server that was the first to bring it. */
  countByOrigin(roomId: RoomId): Promise<ReadonlyMap<ServerName, number>>;
  countOfOrigin(origin: ServerName): Promise<number>;
  listRooms(): Promise<readonly RoomId[]>;
}

export interface StageWriter {
  /**
   * Held already: the origin is added to its origins. A copy that the sender's own server brings takes the place of one
   * that only others brought, as nobody has checked the signatures of either.
   */
  put(pdu: {
    readonly roomId: RoomId;
    readonly eventId: EventId;
    readonly json: JsonObject;
    readonly origin: ServerName;
    readonly isFromSender: boolean;
    readonly arrivedAt: number;
  }): void;
  defer(roomId: RoomId, eventId: EventId, next: NextAttempt): void;
  delete(roomId: RoomId, eventId: EventId): void;
  deleteRoom(roomId: RoomId): void;
}
