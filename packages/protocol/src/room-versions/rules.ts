/** What differs between room versions, as data. Source: specification, "Room Versions", rooms/v1.md to rooms/v12.md. */
export interface RoomVersionRules {
  /** Opaque: never compared by order. */
  readonly id: RoomVersionId;
  /** How events refer to one another and carry their own id. */
  readonly eventFormat: EventFormat;
  readonly eventIdFormat: EventIdFormat;
  readonly roomIdFormat: 'opaque-with-domain' | 'create-event-hash';
  /** Canonical JSON as the specification has it; `false` admits floats and integers beyond 2^53 − 1. */
  readonly strictCanonicalJson: boolean;
  /** Upper bound of `depth`: 2^63 − 1 before version 6, 2^53 − 1 from there on. */
  readonly depthLimit: bigint;
  readonly redaction: RedactionRules;
  readonly auth: AuthRules;
  readonly stateResolution: 'v1' | 'v2' | 'v2.1';
  /** A signing key must have been valid at `origin_server_ts` (version 5 on). */
  readonly enforceKeyValidity: boolean;
  /** The domain of `event_id` must sign besides the sender's (versions 1 and 2). */
  readonly eventIdDomainSigns: boolean;
  /** Where a redaction names its target: top level before version 11, `content` from there on. */
  readonly redactsIn: 'event' | 'content';
  /**
   * State that comes with an invite or a knock must be whole PDUs, the create event among them, or the invite is refused
   * (version 12 on). Everybody sends it so in all versions; before 12 what comes may be stripped state.
   */
  readonly strippedStateIsPdus: boolean;
}

export type RoomVersionId =
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '10'
  | '11'
  | '12';

/** `id-and-hash`: `event_id` on the wire, references as `[id, { sha256 }]` (versions 1, 2); `id`: plain references. */
export type EventFormat = 'id-and-hash' | 'id';

/** `given`: chosen by the origin; the others: reference hash in standard or URL-safe unpadded Base64. */
export type EventIdFormat = 'given' | 'base64' | 'base64url';

export interface RedactionRules {
  /** Top-level keys that survive. */
  readonly topLevel: ReadonlySet<string>;
  /** Content keys that survive, by event type; `all` keeps the whole content. */
  readonly content: ReadonlyMap<string, ContentKeep>;
}

/** Content keys to keep; a path of two names keeps one member of an object (`third_party_invite.signed`). */
export type ContentKeep = 'all' | readonly (readonly [string] | readonly [string, string])[];

export interface AuthRules {
  /** `m.room.create` needs `content.creator` (versions 1 to 10). */
  readonly createNeedsCreator: boolean;
  /** `m.room.aliases` has a rule of its own (versions 1 to 5). */
  readonly aliasesRule: boolean;
  /** `redact` level decides within the auth rules (versions 1 and 2). */
  readonly redactionRule: boolean;
  /** Changes of `notifications` are checked as those of `events` are (version 6 on). */
  readonly notificationLevels: boolean;
  /** Power levels must be integers, not strings that look like one (version 10 on). */
  readonly integerLevelsOnly: boolean;
  readonly knock: boolean;
  readonly restricted: boolean;
  readonly knockRestricted: boolean;
  /** Creators are above all levels, and there may be several (version 12). */
  readonly privilegedCreators: boolean;
}
