import type { EventId, JsonObject, JsonValue, RoomId, ServerName, UserId } from '@hansa/protocol';
import type {
  AcceptedJoin,
  Appended,
  EventIntent,
  InboundInvite,
  InviteIntent,
  JoinIntent,
  LeaveIntent,
  MembershipTemplate,
  RoomCreation,
} from './intents.ts';

/**
 * Everything that changes a room. Each promise resolves when the change is durable; a refusal is a
 * `MatrixError`. There is no other way to store an event.
 */
export interface RoomEngine {
  createRoom(creation: RoomCreation): Promise<RoomId>;
  /**
   * create → authorise → sign → append, of a room that we are in. An invite of another server's user is signed by
   * that server before it is appended.
   */
  send(intent: EventIntent): Promise<Appended>;
  /** `send` of an invite. */
  invite(intent: InviteIntent): Promise<Appended>;
  /** Of a room that we are in, or by handshake with one of `via`. */
  join(intent: JoinIntent): Promise<RoomId>;
  /** Of a room that we are in, or by handshake with one of `via`. */
  knock(intent: JoinIntent): Promise<RoomId>;
  /** Of a room that we are in; else an invite is rejected, or a knock taken back, by handshake where its servers answer, locally where not. */
  leave(intent: LeaveIntent): Promise<void>;
  /**
   * Fetches history from before the oldest that we have, or from the gap before the event at the position `below`, so
   * that `timeline` goes on there. Answers whether there is more than before. Never throws because other servers do not answer.
   */
  backfill(roomId: RoomId, limit: number, below?: number): Promise<boolean>;

  /** PDUs of one federation transaction. Answers once all are appended or durably staged; never throws for one of them. */
  receive(origin: ServerName, pdus: readonly JsonValue[]): Promise<ReceivedPdus>;
  /** Answers the event with our signature added. */
  receiveInvite(invite: InboundInvite): Promise<JsonObject>;
  /** `make_join` and `make_leave` (and `make_knock`): a template on the current state, for a user of `origin`. */
  makeMembership(request: MakeMembership): Promise<MembershipTemplate>;
  /** `send_join`. The path's event id and the user's server are checked here. */
  acceptJoin(request: SendMembership): Promise<AcceptedJoin>;
  /** `send_leave`. */
  acceptLeave(request: SendMembership): Promise<void>;
  /** `send_knock`. Answers what tells of the room, in the federation form of its version. */
  acceptKnock(request: SendMembership): Promise<readonly JsonObject[]>;
}

export interface MakeMembership {
  readonly origin: ServerName;
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly membership: 'join' | 'leave' | 'knock';
  /** `ver` of the request; ignored for a leave. */
  readonly supportedVersions: readonly string[];
}

export interface SendMembership {
  readonly origin: ServerName;
  readonly roomId: RoomId;
  readonly eventId: EventId;
  readonly event: JsonObject;
}

/** Per event id what the transaction's answer says: `undefined` is accepted or staged. */
export type ReceivedPdus = ReadonlyMap<EventId, { readonly error: string } | undefined>;

/** Told after each commit that made something visible; a lost call costs latency, never data. */
export interface RoomAdvances {
  /** `room` advanced to `position`; `users` are local users whose own membership changed with it. */
  subscribe(listener: (advance: RoomAdvance) => void): () => void;
}

export interface RoomAdvance {
  readonly roomId: RoomId;
  /** Undefined where only what is no event is new. */
  readonly position: number | undefined;
  readonly users: readonly UserId[];
  /** Servers other than ours that have something new to be sent. */
  readonly destinations: readonly ServerName[];
}
