import type {
  EventId,
  JsonObject,
  Pdu,
  RoomId,
  RoomVersionRules,
  ServerName,
  UserId,
} from '@hansa/protocol';

/** Reading rooms. What holds only this cannot write. Every list is bounded by its `limit`. */
export interface RoomViews {
  /** Highest position that is durable; who has seen it has seen everything up to it. */
  position(): Promise<number>;
  /** Undefined where no local user is or was in the room. */
  findRoom(roomId: RoomId): Promise<RoomSummary | undefined>;
  findEvent(roomId: RoomId, eventId: EventId): Promise<StoredEvent | undefined>;
  /** `/event` of federation has no room in its path. */
  findRoomOf(eventId: EventId): Promise<RoomId | undefined>;

  currentState(roomId: RoomId): Promise<StateView>;
  /** Current state as it was at a position: what a client at that sync token, or a user who left there, sees. */
  stateAtPosition(roomId: RoomId, position: number): Promise<StateView>;
  stateBefore(roomId: RoomId, eventId: EventId): Promise<StateView>;
  stateAfter(roomId: RoomId, eventId: EventId): Promise<StateView>;
  /** Keys whose event differs between the main timeline at two positions; `event` is that at `to`, absent where removed. */
  stateChanges(roomId: RoomId, from: number, to: number): Promise<readonly Pdu[]>;

  /** Accepted timeline events by position, exclusive of `from`; redactions are applied. */
  timeline(query: TimelineQuery): Promise<readonly StoredEvent[]>;
  /** Rooms whose timeline, current state or receipts have anything in from < position ≤ to. */
  changedRooms(roomIds: readonly RoomId[], from: number, to: number): Promise<ReadonlySet<RoomId>>;
  membershipsOf(userId: UserId): Promise<readonly UserMembership[]>;
  /** Whether a user of ours left the room and wants to know nothing more of it. */
  hasForgotten(roomId: RoomId, userId: UserId): Promise<boolean>;
  joinedUsers(roomId: RoomId): Promise<readonly UserId[]>;
  countJoined(roomId: RoomId): Promise<number>;
  joinedServers(roomId: RoomId): Promise<readonly ServerName[]>;

  /** For federation: breadth first over prev_events from `from`, those included; accepted and soft-failed events. */
  walkBack(query: WalkBack): Promise<readonly StoredEvent[]>;
  authChain(roomId: RoomId, eventIds: readonly EventId[]): Promise<readonly Pdu[]>;
}

export interface RoomSummary {
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
  /** `left`: no local user is in it any more; history stays readable, nothing new arrives. */
  readonly residence: 'joined' | 'left';
}

export interface StoredEvent {
  readonly pdu: Pdu;
  /** Stream position; negative for backfilled events, undefined where the event is not visible. */
  readonly position: number | undefined;
  readonly verdict: 'accepted' | 'soft-failed' | 'rejected' | 'quarantined';
  readonly place: 'timeline' | 'outlier';
  /** The redaction that was applied to it; `pdu` is then the pruned form. */
  readonly redactedBy: Pdu | undefined;
  /** Set for the device that sent it. */
  readonly transaction:
    | { readonly userId: UserId; readonly deviceId: string; readonly key: string }
    | undefined;
  /** Value that this state event replaced at its place. */
  readonly replaces: EventId | undefined;
  /** Events before it are missing, as nobody could give them to us: a timeline that reaches it is limited. */
  readonly followsGap?: boolean;
}

export interface StateView {
  find(type: string, stateKey: string): Promise<Pdu | undefined>;
  list(type?: string): Promise<readonly Pdu[]>;
}

export interface TimelineQuery {
  readonly roomId: RoomId;
  /** `forward`: from < position ≤ to, ascending; `backward`: to < position < from, descending. */
  readonly direction: 'forward' | 'backward';
  readonly from: number;
  readonly to?: number;
  readonly limit: number;
}

export interface WalkBack {
  readonly roomId: RoomId;
  readonly from: readonly EventId[];
  /** Never answered and not walked past. */
  readonly stopAt: ReadonlySet<EventId>;
  readonly limit: number;
  readonly minDepth: number;
}

export interface UserMembership {
  readonly roomId: RoomId;
  readonly membership: 'join' | 'invite' | 'leave' | 'ban' | 'knock';
  readonly sender: UserId;
  readonly eventId: EventId;
  readonly position: number;
  /** The user wants to know nothing more of the room. */
  readonly isForgotten: boolean;
  /** State that came with an invite or a knock of a room that we are not in, in the client's stripped form. */
  readonly strippedState: readonly JsonObject[] | undefined;
}
