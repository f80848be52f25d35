import {
  buildEvent,
  checkAuthEvents,
  checkStateRules,
  complete,
  contentHash,
  createEventIdOf,
  encodeBase64,
  parsePdu,
  redact,
  referenceHash,
  resolve,
  StateMap,
  type Decision,
  type EventId,
  type EventTemplate,
  type Pdu,
  type ResolutionRoom,
  type RoomEvent,
  type RoomId,
  type RoomVersionRules,
  type StateLookup,
} from '@hansa/protocol';

const ROOM_ID = '!room:a.example' as RoomId;

/** What an event says. */
export type Sketch = Pick<EventTemplate, 'type' | 'stateKey' | 'sender' | 'content' | 'redacts'>;

/** Where in the graph an event is to stand. */
export interface Place {
  readonly prevEvents: readonly EventId[];
  readonly authEvents: readonly EventId[];
  readonly originServerTs: number;
  readonly depth: number;
  /** It comes in its redacted form, as one whose content hash is wrong. */
  readonly redacted: boolean;
}

/** What our rules say of an event, each as if the others had passed. */
export interface Verdicts {
  readonly events: Decision;
  readonly auth: Decision;
  readonly state: Decision;
}

export interface Placed {
  readonly pdu: Pdu;
  readonly before: StateMap<EventId>;
  readonly after: StateMap<EventId>;
  readonly verdicts: Verdicts;
  readonly rejected: boolean;
}

export interface Resolution {
  readonly states: readonly StateMap<EventId>[];
  readonly resolved: StateMap<EventId>;
}

/** A room as a server holds it that receives every event, decided by our rules: hashed, not signed. */
export class SimulatedRoom implements ResolutionRoom {
  readonly rules: RoomVersionRules;
  readonly #resolutions: Resolution[] = [];
  readonly #placed = new Map<EventId, Placed>();
  /** Versions 1 and 2 name an event by its id and this. */
  readonly #referenceHashes = new Map<EventId, string>();
  #roomId: RoomId | undefined;

  constructor(rules: RoomVersionRules) {
    this.rules = rules;
  }

  get events(): readonly Placed[] {
    return [...this.#placed.values()];
  }

  /** All that was ever resolved. */
  get resolutions(): readonly Resolution[] {
    return this.#resolutions;
  }

  event(eventId: EventId): RoomEvent | undefined {
    return this.#placed.get(eventId)?.pdu;
  }

  rejected(eventId: EventId): boolean {
    return this.#placed.get(eventId)?.rejected ?? false;
  }

  get(eventId: EventId): Placed {
    const placed = this.#placed.get(eventId);
    if (placed === undefined) throw new RangeError(`no event ${eventId}`);
    return placed;
  }

  /** State before an event that comes after these. */
  stateAfter(eventIds: readonly EventId[]): StateMap<EventId> {
    const states = eventIds.map((eventId) => this.get(eventId).after);
    const [only, ...others] = states;
    if (only === undefined) return new StateMap();
    return others.length === 0 ? only : this.resolve(states);
  }

  /** Resolves by our algorithm and remembers it; what is known needs no work. */
  resolve(states: readonly StateMap<EventId>[]): StateMap<EventId> {
    const known = this.#resolutions.find((before) => isSame(before.states, states));
    if (known !== undefined) return known.resolved;
    const resolved = complete(resolve(states, this));
    this.#resolutions.push({ states, resolved });
    return resolved;
  }

  /** `undefined` where our format check would not let the event in, and where it is there already. */
  add(sketch: Sketch, place: Place): Placed | undefined {
    const bare = buildEvent({ ...sketch, ...place, ...this.#names(sketch) }, this.rules);
    const hashes = { sha256: encodeBase64(contentHash(bare)) };
    const whole = { ...bare, hashes, signatures: {} };
    const pdu = parsePdu(place.redacted ? redact(whole, this.rules) : whole, this.rules);
    if (!pdu.ok || this.#placed.has(pdu.value.eventId)) return undefined;
    this.#roomId ??= pdu.value.roomId;
    const placed = this.#judge(pdu.value);
    this.#placed.set(pdu.value.eventId, placed);
    const reference = referenceHash(pdu.value.json, this.rules);
    this.#referenceHashes.set(pdu.value.eventId, encodeBase64(reference));
    return placed;
  }

  /** Whether the rules that depend on state let somebody do this now. */
  allows(sketch: Sketch, prevEvents: readonly EventId[]): boolean {
    const state = this.stateAfter(prevEvents);
    const draft = { ...sketch, prevEvents, authEvents: [], depth: 0, originServerTs: 0 };
    const event: RoomEvent = {
      ...draft,
      eventId: '$draft' as EventId,
      roomId: this.#roomId ?? ROOM_ID,
      stateKey: sketch.stateKey,
      redacts: sketch.redacts,
    };
    return checkStateRules(event, this.rules, this.#lookUpIn(state)).ok;
  }

  #judge(pdu: Pdu): Placed {
    const before = this.stateAfter(pdu.prevEvents);
    const authEvents = pdu.authEvents.map((eventId) => this.get(eventId).pdu);
    const create = this.#findCreate(pdu);
    const verdicts = {
      events: checkAuthEvents(
        pdu,
        this.rules,
        authEvents.map((event) => ({ event, rejected: this.rejected(event.eventId) })),
        create && { event: create, rejected: this.rejected(create.eventId) },
      ),
      auth: checkStateRules(pdu, this.rules, (type, stateKey) =>
        type === 'm.room.create' && this.rules.auth.privilegedCreators
          ? create
          : authEvents.findLast((event) => event.type === type && event.stateKey === stateKey),
      ),
      state: checkStateRules(pdu, this.rules, this.#lookUpIn(before)),
    };
    const rejected = !(verdicts.events.ok && verdicts.auth.ok && verdicts.state.ok);
    return { pdu, before, after: rejected ? before : withEvent(before, pdu), verdicts, rejected };
  }

  /** The event that a version 12 room id names. */
  #findCreate({ roomId }: Pdu): RoomEvent | undefined {
    const eventId = createEventIdOf(roomId);
    return eventId && this.event(eventId);
  }

  #lookUpIn(state: StateMap<EventId>): StateLookup {
    return (type, stateKey) => {
      const eventId = state.get(type, stateKey);
      return eventId && this.event(eventId);
    };
  }

  /** Ids that an event of this room version carries besides its own hash. */
  #names({ type }: Sketch): Pick<EventTemplate, 'eventId' | 'roomId' | 'referenceHashes'> {
    if (this.rules.roomIdFormat === 'create-event-hash') {
      return { roomId: type === 'm.room.create' ? undefined : this.#roomId };
    }
    if (this.rules.eventIdFormat !== 'given') return { roomId: ROOM_ID };
    const eventId = `$e${this.#placed.size}:a.example` as EventId;
    return { roomId: ROOM_ID, eventId, referenceHashes: this.#referenceHashes };
  }
}

function withEvent(state: StateMap<EventId>, { type, stateKey, eventId }: Pdu): StateMap<EventId> {
  if (stateKey === undefined) return state;
  const after = state.clone();
  after.set(type, stateKey, eventId);
  return after;
}

function isSame(some: readonly StateMap<EventId>[], others: readonly StateMap<EventId>[]): boolean {
  return some.length === others.length && some.every((state, at) => state === others[at]);
}
