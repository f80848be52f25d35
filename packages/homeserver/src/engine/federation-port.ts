import type {
  Decision,
  EventId,
  JsonObject,
  Pdu,
  RoomId,
  RoomVersionRules,
  ServerName,
  UserId,
} from '@hansa/protocol';

/**
 * What the engine asks of other servers. Answers are parsed to the shapes below and nothing more:
 * every event in them still has to pass the funnel. Failures are `RemoteServerError`.
 */
export interface FederationPort {
  makeJoin(server: ServerName, roomId: RoomId, userId: UserId): Promise<RemoteTemplate>;
  sendJoin(server: ServerName, pdu: Pdu): Promise<RemoteJoin>;
  makeLeave(server: ServerName, roomId: RoomId, userId: UserId): Promise<RemoteTemplate>;
  sendLeave(server: ServerName, pdu: Pdu): Promise<void>;
  makeKnock(server: ServerName, roomId: RoomId, userId: UserId): Promise<RemoteTemplate>;
  /** Answers what the server tells of the room. */
  sendKnock(server: ServerName, pdu: Pdu): Promise<readonly JsonObject[]>;
  /** Answers the invite as the invitee's server signed it. */
  invite(server: ServerName, pdu: Pdu, inviteState: readonly JsonObject[]): Promise<JsonObject>;
  getMissingEvents(server: ServerName, query: MissingEvents): Promise<readonly JsonObject[]>;
  backfill(
    server: ServerName,
    roomId: RoomId,
    from: readonly EventId[],
    limit: number,
  ): Promise<readonly JsonObject[]>;
  /** State before the event. */
  stateIds(server: ServerName, roomId: RoomId, eventId: EventId): Promise<RemoteStateIds>;
  state(server: ServerName, roomId: RoomId, eventId: EventId): Promise<RemoteState>;
  event(server: ServerName, eventId: EventId): Promise<JsonObject | undefined>;
}

export interface RemoteTemplate {
  readonly rules: RoomVersionRules;
  readonly event: JsonObject;
}

export interface RemoteJoin {
  readonly state: readonly JsonObject[];
  readonly authChain: readonly JsonObject[];
  /** Present when the resident added its signature (restricted joins). */
  readonly event: JsonObject | undefined;
}

export interface RemoteState {
  readonly state: readonly JsonObject[];
  readonly authChain: readonly JsonObject[];
}

export interface RemoteStateIds {
  readonly state: readonly EventId[];
  readonly authChain: readonly EventId[];
}

export interface MissingEvents {
  readonly roomId: RoomId;
  readonly earliest: readonly EventId[];
  readonly latest: readonly EventId[];
  readonly limit: number;
  readonly minDepth: number;
}

/**
 * Check 2 of the funnel. `unavailable`: no key could be had now, which rejects nothing. `notaries` are servers that may know the
 * keys of one that does not answer, as they brought the event or are in its room; the first are asked first.
 */
export interface SignatureChecker {
  check(
    pdu: Pdu,
    notaries?: readonly ServerName[],
  ): Promise<Decision | { readonly ok: 'unavailable'; readonly reason: string }>;
}
