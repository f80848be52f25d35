import type { EventId, Pdu, RoomId, RoomVersionRules, ServerName } from '@hansa/protocol';
import type { Position } from './position.ts';
import type { StateRef } from './state-store.ts';

/** `outlier`: known for what it authorises, without a place in the room's history. */
export type Place = 'timeline' | 'outlier';

/**
 * `quarantined`: what is stored cannot be read. Its record says nothing but where it stands: it counts as rejected,
 * and nobody is shown it.
 */
export type Verdict = 'accepted' | 'soft-failed' | 'rejected' | 'quarantined';

export interface EventRecord {
  /** As it came, even where it was redacted since. */
  readonly pdu: Pdu;
  readonly place: Place;
  readonly verdict: Verdict;
  /** The rule that it broke, where it was rejected or soft-failed. */
  readonly rule: string | undefined;
  /** Stream position; negative for backfilled events, undefined where nobody sees it. */
  readonly position: number | undefined;
  /** As claimed, but no more than its parents' and one, where those are known. */
  readonly depth: number;
  /** State before and after it; undefined for outliers, and where it is not known. */
  readonly before: StateRef | undefined;
  readonly after: StateRef | undefined;
  readonly redactedBy: EventId | undefined;
  readonly replaces: EventId | undefined;
  /** State before it came from another server, as nobody could give us the events between. */
  readonly claimed: boolean;
}

export interface EventRange {
  readonly roomId: RoomId;
  /** `forward`: from < position ≤ to, ascending; `backward`: to < position < from, descending. */
  readonly direction: 'forward' | 'backward';
  readonly from: number;
  readonly to?: number;
  readonly limit: number;
}

export interface EventReader {
  find(roomId: RoomId, eventId: EventId): Promise<EventRecord | undefined>;
  /** In the order asked for; those that are not stored are left out. */
  findMany(roomId: RoomId, eventIds: readonly EventId[]): Promise<readonly EventRecord[]>;
  findRoomOf(eventId: EventId): Promise<RoomId | undefined>;
  /** Accepted timeline events whose state is known. */
  listRange(range: EventRange): Promise<readonly EventRecord[]>;
  /** Timeline events that name this one among their `prev_events`. */
  listChildren(roomId: RoomId, eventId: EventId): Promise<readonly EventId[]>;
  /** Redactions that wait for this event to be stored, or for their power to be known. */
  listHeldRedactions(roomId: RoomId, target: EventId): Promise<readonly EventId[]>;
  /** Their whole auth chain, without themselves but for those that another of them names. */
  listAuthChain(roomId: RoomId, eventIds: readonly EventId[]): Promise<readonly EventId[]>;
  /** For state resolution, which looks things up without waiting. */
  loadAuthGraph(
    roomId: RoomId,
    rules: RoomVersionRules,
    seeds: readonly EventId[],
  ): Promise<StoredAuthGraph>;
}

/**
 * The stored part of a room's auth graph; see `ResolutionRoom` and `AuthGraph` of the core. Look-ups are made within
 * `complete`, or of what was loaded.
 */
export interface StoredAuthGraph {
  event(eventId: EventId): Pdu | undefined;
  rejected(eventId: EventId): boolean;
  order(eventId: EventId): number | undefined;
  referrers(eventId: EventId, before: number, limit: number): readonly EventId[];
  /** Loads these events and what they rest on, as far as looking up would have to wait for it. */
  load(eventIds: readonly EventId[]): Promise<void>;
  /**
   * Runs what looks things up. A store whose reads wait ends it by an exception where something is not loaded, loads
   * that, and runs it again from the beginning.
   * @throws RangeError where it reaches further than such a store loads
   */
  complete<T>(attempt: () => Promise<T>): Promise<T>;
}

export interface NewEvent {
  readonly pdu: Pdu;
  readonly place: Place;
  readonly verdict: Verdict;
  readonly rule?: string | undefined;
  readonly position?: Position | undefined;
  readonly depth: number;
  readonly before?: StateRef | undefined;
  readonly after?: StateRef | undefined;
  /** State before it came from another server, as nobody could give us the events between. */
  readonly claimed?: boolean;
  /** To be sent to the servers in the room but `exceptTo`. */
  readonly send?: boolean;
  readonly exceptTo?: ServerName | undefined;
  readonly replaces?: EventId | undefined;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

export interface EventWriter {
  /** Stores it, or gives a stored outlier its place in the timeline. */
  put(event: NewEvent): void;
  /** Gives an event that was held back its position. */
  setPosition(roomId: RoomId, eventId: EventId, position: Position): void;
  holdRedaction(roomId: RoomId, redaction: EventId, target: EventId): void;
  /** It is not held any more. */
  releaseRedaction(roomId: RoomId, redaction: EventId): void;
  setRedactedBy(roomId: RoomId, target: EventId, redaction: EventId): void;
  /**
   * The event at this position goes to one more server, out of its stays. With an id it is that event, which took its
   * place before, that goes there as if this were its position.
   */
  sendTo(server: ServerName, roomId: RoomId, position: Position, eventId?: EventId): void;
}
