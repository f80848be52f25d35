import type { EventId, RoomId, RoomVersionRules, ServerName, UserId } from '@hansa/protocol';
import type { Position } from './position.ts';

/** `outside`: nobody of ours was ever in it; it is known for events that we hold of it. */
export type Residence = 'joined' | 'left' | 'outside';

export interface RoomRecord {
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
  readonly residence: Residence;
  /** Main timeline of the present segment; undefined before we were in the room. */
  readonly main: number | undefined;
  /** Lowest position that backfill gave out; 0 before. */
  readonly lowestPosition: number;
  readonly floor: RoomFloor;
}

/** Where our knowledge of the present segment begins. */
export interface RoomFloor {
  /** Depth of the oldest event of it. */
  readonly depth: number;
  /** The one event, itself not stored, after which the state is that of the floor rows; undefined where there is none. */
  readonly parent: EventId | undefined;
}

export type Membership = 'join' | 'invite' | 'leave' | 'ban' | 'knock';

/** A row of the main timeline's `m.room.member`, read into columns. */
export interface MemberRecord {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly membership: Membership;
  readonly eventId: EventId;
  readonly sender: UserId;
  readonly position: number;
}

export interface RoomReader {
  find(roomId: RoomId): Promise<RoomRecord | undefined>;
  listExtremities(roomId: RoomId): Promise<readonly EventId[]>;
  listMembers(roomId: RoomId, membership: Membership): Promise<readonly UserId[]>;
  countJoined(roomId: RoomId): Promise<ReadonlyMap<ServerName, number>>;
  findMember(roomId: RoomId, userId: UserId): Promise<MemberRecord | undefined>;
  /** Of one user of ours, in all rooms that we are or were in. */
  listMemberships(userId: UserId): Promise<readonly MemberRecord[]>;
  /** Rooms that a user wants to know nothing more of, each with the position of the membership that this holds for. */
  listForgotten(userId: UserId): Promise<ReadonlyMap<RoomId, number>>;
  /** How often we have come into the room. */
  countSegments(roomId: RoomId): Promise<number>;
  /** The newest event by which a user of ours left, or was removed. */
  findLastLeave(roomId: RoomId): Promise<EventId | undefined>;
  /** Those of the rooms in which an event became visible, the main state changed or a receipt came, from < position ≤ to; in no order. */
  listChanged(roomIds: readonly RoomId[], from: number, to: number): Promise<readonly RoomId[]>;
}

export interface RoomWriter {
  /** The part fails with `ConflictError` where the room exists. */
  insertRoom(room: { readonly roomId: RoomId; readonly rules: RoomVersionRules }): void;
  setResidence(roomId: RoomId, residence: Residence): void;
  setLowestPosition(roomId: RoomId, position: number): void;
  setFloor(roomId: RoomId, floor: RoomFloor): void;
  /** From this position on, `timeline` is the room's main one. */
  beginSegment(roomId: RoomId, timeline: number, position: Position): void;
  setExtremities(roomId: RoomId, eventIds: readonly EventId[]): void;
  /** Replaces the user's row. */
  putMember(member: NewMember): void;
  deleteMember(roomId: RoomId, userId: UserId): void;
  /** Holds until the user has another membership than that at this position. */
  forget(room: Pick<MemberRecord, 'roomId' | 'userId' | 'position'>): void;
  /** All but those of our own users. */
  deleteRemoteMembers(roomId: RoomId): void;
  /** The server gets what comes after `position`. */
  openStay(roomId: RoomId, server: ServerName, position: Position): void;
  /** The server gets what comes up to `position`, that included. */
  closeStay(roomId: RoomId, server: ServerName, position: Position): void;
}

export interface NewMember {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly server: ServerName;
  readonly local: boolean;
  readonly membership: Membership;
  readonly eventId: EventId;
  readonly sender: UserId;
  readonly position: Position;
}
