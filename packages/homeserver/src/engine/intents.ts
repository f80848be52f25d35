import type {
  DeviceId,
  EventId,
  JsonObject,
  Pdu,
  RoomId,
  RoomVersionRules,
  ServerName,
  UserId,
} from '@hansa/protocol';

/** What a local user wants to put into a room. The engine turns it into a signed event of the room's version. */
export interface EventIntent {
  readonly roomId: RoomId;
  readonly sender: UserId;
  readonly type: string;
  /** Present, even when empty, for a state event. */
  readonly stateKey?: string;
  readonly content: JsonObject;
  readonly redacts?: EventId;
  /** Makes the intent idempotent: the same device and key get the first answer again. */
  readonly transaction?: ClientTransaction;
}

export interface ClientTransaction {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** Endpoint and the client's transaction id, joined by the caller; at most 512 bytes. */
  readonly key: string;
}

export interface RoomCreation {
  readonly rules: RoomVersionRules;
  readonly creator: UserId;
  /** Content of `m.room.create`; `room_version` and, before version 11, `creator` are set by the engine. */
  readonly createContent: JsonObject;
  /** Content of the creator's join besides `membership`, such as the display name. */
  readonly creatorProfile: JsonObject;
  /** What follows the creator's join, in order. Invites are sent afterwards, by `invite`. */
  readonly initialState: readonly {
    readonly type: string;
    readonly stateKey: string;
    readonly content: JsonObject;
  }[];
}

export interface JoinIntent {
  readonly roomId: RoomId;
  readonly userId: UserId;
  /** Servers to join through, in order of preference, when we are not in the room. */
  readonly via: readonly ServerName[];
  /** Display name, avatar, reason: what the member event carries besides `membership`. */
  readonly content: JsonObject;
}

export interface InviteIntent {
  readonly roomId: RoomId;
  readonly sender: UserId;
  readonly target: UserId;
  readonly content: JsonObject;
}

export interface LeaveIntent {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly content: JsonObject;
}

/** An event that is stored and visible, and where. */
export interface Appended {
  readonly eventId: EventId;
  readonly position: number;
}

/** An invite from another server, before we signed it. */
export interface InboundInvite {
  readonly origin: ServerName;
  readonly roomId: RoomId;
  readonly eventId: EventId;
  readonly rules: RoomVersionRules;
  readonly event: JsonObject;
  /** As received; validated and stripped before any client sees it. */
  readonly inviteState: readonly JsonObject[];
  /** Servers that may be asked to join or to leave; the origin is among them. */
  readonly via: readonly ServerName[];
}

export interface MembershipTemplate {
  readonly rules: RoomVersionRules;
  /** Unsigned event in the federation form of the room's version, without hashes. */
  readonly event: JsonObject;
}

/** What `send_join` answers: state before the join and its whole auth chain. */
export interface AcceptedJoin {
  readonly event: Pdu;
  readonly state: readonly Pdu[];
  readonly authChain: readonly Pdu[];
  readonly serversInRoom: readonly ServerName[];
}
