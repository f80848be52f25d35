import type {
  EventId,
  JsonObject,
  RoomId,
  RoomVersionRules,
  ServerName,
  UserId,
} from '@hansa/protocol';
import type { Membership } from './room-store.ts';
import type { Position } from './position.ts';

/** A membership in a room that we are not in: an invite, or what became of it. */
export interface OutOfBandMembership {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly membership: Membership;
  readonly eventId: EventId;
  readonly sender: UserId;
  readonly rules: RoomVersionRules;
  /** The membership event, in the federation form. */
  readonly event: JsonObject;
  /** In the client's form. */
  readonly strippedState: readonly JsonObject[];
  /** Servers that may be asked to join or to leave. */
  readonly via: readonly ServerName[];
  readonly position: number;
}

/** A join by handshake that was begun and not finished. */
export interface PendingJoin {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly rules: RoomVersionRules;
  readonly event: JsonObject;
  readonly resident: ServerName;
  readonly via: readonly ServerName[];
  /** What the member event carries besides `membership`. */
  readonly content: JsonObject;
  readonly startedAt: number;
}

/** Rooms that we are about to be in, or might be. */
export interface ThresholdReader {
  findOutOfBand(userId: UserId, roomId: RoomId): Promise<OutOfBandMembership | undefined>;
  listOutOfBand(userId: UserId): Promise<readonly OutOfBandMembership[]>;
  listOutOfBandOf(roomId: RoomId): Promise<readonly OutOfBandMembership[]>;
  /** Senders of the invites that the user has not answered, once for each. */
  listInviters(userId: UserId): Promise<readonly UserId[]>;
  findJoin(roomId: RoomId): Promise<PendingJoin | undefined>;
  listJoins(): Promise<readonly PendingJoin[]>;
}

export interface ThresholdWriter {
  putOutOfBand(
    membership: Omit<OutOfBandMembership, 'position'> & { readonly position: Position },
  ): void;
  /** Those of everybody: the room's own state holds from now on. */
  deleteOutOfBandOf(roomId: RoomId): void;
  putJoin(join: PendingJoin): void;
  deleteJoin(roomId: RoomId): void;
}
