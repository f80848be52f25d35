import { authEventKeys } from '../auth/auth-event-keys.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { EventId, RoomId, UserId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId, RoomVersionRules } from '../room-versions/rules.ts';
import { StateMap } from '../state-resolution/state-map.ts';

/** Domain of every user and room that is named without one. */
export const TEST_DOMAIN = 'example.org';

const FIRST_TIMESTAMP_MS = 1_700_000_000_000;

/** An event to be; what is left out is chosen so that the event is an honest one at the end of the room. */
export interface EventSketch {
  /** By which tests speak of it, unique in the room; the event id is made of it. Default: `e1`, `e2`, … */
  readonly name?: string;
  readonly type: string;
  /** `alice` stands for `@alice:example.org`; a full user id stands for itself. */
  readonly sender: string;
  /** Left out: a message event. A state key is taken as it is. */
  readonly stateKey?: string;
  readonly content?: JsonObject;
  /** Names. Default: the event built last. */
  readonly prev?: readonly string[];
  /** Names. Default: what the selection takes of `state`. */
  readonly auth?: readonly string[];
  /** State before the event. Default: state after its only previous event. */
  readonly state?: StateMap<RoomEvent>;
  /** Default: a second after the event built before. */
  readonly originServerTs?: number;
  /** Name of the event to redact, or any event id. */
  readonly redacts?: string;
}

/** What every shorthand takes besides what it is about. */
export type SketchOptions = Omit<EventSketch, 'type' | 'sender' | 'stateKey' | 'content'> & {
  readonly content?: JsonObject;
};

/** User id of a name. */
export function userId(name: string): UserId {
  return (name.startsWith('@') ? name : `@${name}:${TEST_DOMAIN}`) as UserId;
}

/**
 * Builds the events of one room for tests: named, unsigned, unhashed, and not authorised by anybody, so that
 * what the rules refuse can be built too. Forks are made by `prev`; an event with several previous events
 * needs its `state`, as nothing is resolved here.
 */
export class RoomBuilder {
  readonly rules: RoomVersionRules;
  readonly roomId: RoomId;
  readonly #byName = new Map<string, RoomEvent>();
  readonly #byId = new Map<EventId, RoomEvent>();
  readonly #stateAfter = new Map<EventId, StateMap<RoomEvent>>();
  #last: string | undefined;
  #clockMs = FIRST_TIMESTAMP_MS;

  constructor(version: RoomVersionId | RoomVersionRules) {
    this.rules = typeof version === 'string' ? getRoomVersion(version) : version;
    this.roomId = (
      this.rules.roomIdFormat === 'create-event-hash' ? '!create' : `!room:${TEST_DOMAIN}`
    ) as RoomId;
  }

  /** All events, in the order of building. */
  get events(): readonly RoomEvent[] {
    return [...this.#byName.values()];
  }

  event(name: string): RoomEvent {
    const event = this.#byName.get(name);
    if (event === undefined) throw new RangeError(`no event named ${name}`);
    return event;
  }

  findById(id: EventId): RoomEvent | undefined {
    return this.#byId.get(id);
  }

  eventId(name: string): EventId {
    return (
      this.rules.eventIdFormat === 'given' ? `$${name}:${TEST_DOMAIN}` : `$${name}`
    ) as EventId;
  }

  /** State after an event; without a name: after the event built last. Not to be changed: clone it. */
  stateAfter(name?: string): StateMap<RoomEvent> {
    const of = name ?? this.#last;
    if (of === undefined) return new StateMap();
    const state = this.#stateAfter.get(this.event(of).eventId);
    if (state === undefined) throw new RangeError(`no state after ${of}`);
    return state;
  }

  send(sketch: EventSketch): RoomEvent {
    const event = this.build(sketch);
    const before = this.#stateBefore(sketch);
    const name = sketch.name ?? this.#nextName();
    if (this.#byName.has(name)) throw new RangeError(`an event is named ${name} already`);
    this.#byName.set(name, event);
    this.#byId.set(event.eventId, event);
    this.#stateAfter.set(event.eventId, withEvent(before, event));
    this.#last = name;
    this.#clockMs = Math.max(this.#clockMs + 1_000, event.originServerTs);
    return event;
  }

  /** The event without a place in the room: nothing that is built later knows of it. */
  build(sketch: EventSketch): RoomEvent {
    const prev = this.#prevNames(sketch).map((name) => this.event(name));
    const sender = userId(sketch.sender);
    const subject = {
      type: sketch.type,
      sender,
      stateKey: sketch.stateKey,
      content: sketch.content ?? {},
    };
    return {
      ...subject,
      eventId: this.eventId(sketch.name ?? this.#nextName()),
      roomId: this.roomId,
      originServerTs: sketch.originServerTs ?? this.#clockMs + 1_000,
      depth: prev.reduce((deepest, event) => Math.max(deepest, event.depth), 0) + 1,
      prevEvents: prev.map((event) => event.eventId),
      authEvents:
        sketch.auth?.map((name) => this.event(name).eventId) ??
        selectAuthEvents(subject, this.rules, this.#stateBefore(sketch)),
      redacts: this.#redacts(sketch.redacts),
    };
  }

  /** The create event, always named `create`: in version 12 the room id is made of it. */
  create(creator = 'alice', content: JsonObject = {}, options: SketchOptions = {}): RoomEvent {
    const needed = this.rules.auth.createNeedsCreator ? { creator: userId(creator) } : {};
    return this.send({
      ...options,
      name: 'create',
      type: 'm.room.create',
      sender: creator,
      stateKey: '',
      content: { room_version: this.rules.id, ...needed, ...content },
    });
  }

  /** `sender` sets the membership of `target`. */
  member(
    sender: string,
    target: string,
    membership: string,
    options: SketchOptions = {},
  ): RoomEvent {
    return this.send({
      ...options,
      type: 'm.room.member',
      sender,
      stateKey: userId(target),
      content: { membership, ...options.content },
    });
  }

  join(user: string, options: SketchOptions = {}): RoomEvent {
    return this.member(user, user, 'join', options);
  }

  invite(sender: string, target: string, options: SketchOptions = {}): RoomEvent {
    return this.member(sender, target, 'invite', options);
  }

  leave(user: string, options: SketchOptions = {}): RoomEvent {
    return this.member(user, user, 'leave', options);
  }

  kick(sender: string, target: string, options: SketchOptions = {}): RoomEvent {
    return this.member(sender, target, 'leave', options);
  }

  ban(sender: string, target: string, options: SketchOptions = {}): RoomEvent {
    return this.member(sender, target, 'ban', options);
  }

  powerLevels(sender: string, content: JsonObject, options: SketchOptions = {}): RoomEvent {
    return this.state(sender, 'm.room.power_levels', '', content, options);
  }

  joinRule(sender: string, joinRule: string, options: SketchOptions = {}): RoomEvent {
    const content = { join_rule: joinRule, ...options.content };
    return this.state(sender, 'm.room.join_rules', '', content, options);
  }

  state(
    sender: string,
    type: string,
    stateKey: string,
    content: JsonObject = {},
    options: SketchOptions = {},
  ): RoomEvent {
    return this.send({ ...options, type, sender, stateKey, content });
  }

  message(sender: string, options: SketchOptions = {}): RoomEvent {
    const content = { msgtype: 'm.text', body: 'hello', ...options.content };
    return this.send({ ...options, type: 'm.room.message', sender, content });
  }

  #prevNames(sketch: EventSketch): readonly string[] {
    return sketch.prev ?? (this.#last === undefined ? [] : [this.#last]);
  }

  #stateBefore(sketch: EventSketch): StateMap<RoomEvent> {
    if (sketch.state !== undefined) return sketch.state;
    const [first, ...others] = this.#prevNames(sketch);
    if (others.length > 0) throw new RangeError('an event that merges forks needs its state');
    return first === undefined ? new StateMap() : this.stateAfter(first);
  }

  #nextName(): string {
    return `e${this.#byName.size + 1}`;
  }

  #redacts(target: string | undefined): EventId | undefined {
    if (target === undefined || target.startsWith('$')) return target as EventId | undefined;
    return this.event(target).eventId;
  }
}

function selectAuthEvents(
  event: Pick<RoomEvent, 'type' | 'stateKey' | 'sender' | 'content'>,
  rules: RoomVersionRules,
  state: StateMap<RoomEvent>,
): EventId[] {
  return authEventKeys(event, rules)
    .map(([type, stateKey]) => state.get(type, stateKey)?.eventId)
    .filter((id) => id !== undefined);
}

function withEvent(state: StateMap<RoomEvent>, event: RoomEvent): StateMap<RoomEvent> {
  if (event.stateKey === undefined) return state;
  const after = state.clone();
  after.set(event.type, event.stateKey, event);
  return after;
}
