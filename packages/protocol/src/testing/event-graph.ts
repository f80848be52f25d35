import { authEventKeys } from '../auth/auth-event-keys.ts';
import { checkStateRules } from '../auth/state-rules.ts';
import type { EventTemplate } from '../events/build-event.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { EventId } from '../identifiers/brand.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { resolve } from '../state-resolution/resolve.ts';
import { StateMap } from '../state-resolution/state-map.ts';
import { complete } from '../state-resolution/steps.ts';
import { firstSketches, randomSketch, type Sketch } from './event-graph-sketches.ts';
import type { EventMaker } from './event-graph-makers.ts';
import { pick } from './seeded-random.ts';

/** A random room: what happened in it, and the states that its ends are in. */
export interface EventGraph<E extends RoomEvent = RoomEvent> {
  readonly rules: RoomVersionRules;
  /** Each after all events that it names. Some are in their redacted form. */
  readonly events: readonly E[];
  /** Events that the state before them refuses, and some that others may have refused. */
  readonly rejected: ReadonlySet<EventId>;
  /** State after each forward extremity, and sometimes one that somebody claims. At least one. */
  readonly states: readonly StateMap<EventId>[];
}

export interface EventGraphOptions<E extends RoomEvent> {
  readonly rules: RoomVersionRules;
  /** How many events, those that begin the room included. */
  readonly size: number;
  readonly random: () => number;
  readonly maker: EventMaker<E>;
  /** Lets integers, times and depths go to their ends, and levels be no integers. */
  readonly extremes?: boolean;
}

/** Events that begin the room. */
const BEGINNING = 4;
const ATTEMPTS = 6;
const MOST_STATES = 6;

/**
 * Makes a room of forks and merges, in which people join, leave, invite, knock, kick, ban, fight over power
 * levels and join rules, change topics and redact. Mostly honest; where it is not, merges take any side's
 * entry, states are claimed, and events count as rejected for no reason that can be seen.
 */
export function generateEventGraph<E extends RoomEvent>(
  options: EventGraphOptions<E>,
): EventGraph<E> {
  const room = new GrowingRoom(options);
  for (const sketch of firstSketches(options.rules, options.random)) room.append(() => sketch);
  while (room.size < options.size) room.append((state) => randomSketch(state, options));
  return room.finish();
}

class GrowingRoom<E extends RoomEvent> {
  readonly #options: EventGraphOptions<E>;
  readonly #honest: boolean;
  readonly #events = new Map<EventId, E>();
  readonly #rejected = new Set<EventId>();
  readonly #after = new Map<EventId, StateMap<RoomEvent>>();
  readonly #redacted = new Set<EventId>();
  #tips: EventId[] = [];
  #timeMs = 1_700_000_000_000;

  constructor(options: EventGraphOptions<E>) {
    this.#options = options;
    this.#honest = options.random() < 0.7;
  }

  get size(): number {
    return this.#events.size;
  }

  append(sketchFor: (state: StateMap<RoomEvent>) => Sketch): void {
    const { random, rules, maker } = this.#options;
    const prevEvents = this.#choosePrevEvents();
    const before = this.#stateAfterAll(prevEvents);
    const place = this.#place(prevEvents);
    let template = { ...place, ...sketchFor(before), authEvents: [] as EventId[] };
    let allowed = this.#allows(template, before);
    for (let attempt = 1; attempt < ATTEMPTS && !allowed && random() < 0.98; attempt += 1) {
      template = { ...place, ...sketchFor(before), authEvents: [] };
      allowed = this.#allows(template, before);
    }
    const authState = random() < 0.03 ? this.#someState(before) : before;
    for (const [type, stateKey] of authEventKeys(asEvent(template), rules)) {
      const authEvent = authState.get(type, stateKey);
      if (authEvent !== undefined) template.authEvents.push(authEvent.eventId);
    }
    const event = maker.make(template);
    this.#events.set(event.eventId, event);
    if (!allowed) this.#rejected.add(event.eventId);
    else this.#tips = [...this.#tips.filter((tip) => !prevEvents.includes(tip)), event.eventId];
    this.#after.set(event.eventId, allowed ? withEvent(before, event) : before);
    if (!this.#honest && random() < 0.02) this.#rejected.add(event.eventId);
    if (event.redacts !== undefined && random() < 0.5) this.#redacted.add(event.redacts);
  }

  finish(): EventGraph<E> {
    const { random, rules, maker } = this.#options;
    const states = this.#tips.slice(-MOST_STATES).map((tip) => this.#stateOf(tip));
    const [first] = states;
    if (first !== undefined && !this.#honest && random() < 0.5) states.push(this.#someState(first));
    const events = [...this.#events.values()].map((event) =>
      this.#redacted.has(event.eventId) ? maker.redact(event) : event,
    );
    return { rules, events, rejected: this.#rejected, states: states.map(idsOf) };
  }

  #choosePrevEvents(): EventId[] {
    const { random } = this.#options;
    const roll = random();
    if (this.size < BEGINNING) return this.#tips;
    if (roll < (this.#tips.length > 1 ? 0.2 : 0.4)) return [pick(this.#accepted(), random)];
    if (roll < 0.85) return [pick(this.#tips, random)];
    return [
      ...new Set([pick(this.#tips, random), pick(this.#tips, random), pick(this.#tips, random)]),
    ];
  }

  #accepted(): EventId[] {
    const recent = [...this.#events.keys()].slice(-20);
    const accepted = recent.filter((eventId) => !this.#rejected.has(eventId));
    return accepted.length > 0 ? accepted : this.#tips;
  }

  #stateAfterAll(prevEvents: readonly EventId[]): StateMap<RoomEvent> {
    const states = prevEvents.map((eventId) => this.#stateOf(eventId));
    const [only] = states;
    if (states.length <= 1) return only ?? new StateMap<RoomEvent>();
    if (!this.#honest) return mixed(states, this.#options.random);
    const resolved = complete(
      resolve(states.map(idsOf), {
        rules: this.#options.rules,
        event: (eventId) => this.#events.get(eventId),
        rejected: (eventId) => this.#rejected.has(eventId),
      }),
    );
    const entries = [...resolved].flatMap(([type, stateKey, eventId]) => {
      const event = this.#events.get(eventId);
      return event === undefined ? [] : [[type, stateKey, event] as const];
    });
    return StateMap.from<RoomEvent>(entries);
  }

  #stateOf(eventId: EventId): StateMap<RoomEvent> {
    return this.#after.get(eventId) ?? new StateMap<RoomEvent>();
  }

  /** State after some event, the first ones left out. */
  #someState(otherwise: StateMap<RoomEvent>): StateMap<RoomEvent> {
    const eventIds = [...this.#after.keys()].slice(BEGINNING);
    return eventIds.length === 0 ? otherwise : this.#stateOf(pick(eventIds, this.#options.random));
  }

  #place(prevEvents: EventId[]) {
    const { random, extremes } = this.#options;
    const depths = prevEvents.map((eventId) => this.#events.get(eventId)?.depth ?? 0);
    if (random() < 0.8) this.#timeMs += Math.floor(random() * 3) * 500;
    const wild = extremes === true && random() < 0.1;
    const [create] = this.#events.values();
    return {
      roomId: create?.roomId,
      prevEvents,
      depth: wild ? Number.MAX_SAFE_INTEGER : Math.max(0, ...depths) + 1,
      originServerTs: wild
        ? pick([0, Number.MAX_SAFE_INTEGER], random)
        : this.#timeMs - (random() < 0.1 ? 5_000 : 0),
    };
  }

  #allows(template: EventTemplate, state: StateMap<RoomEvent>): boolean {
    return checkStateRules(asEvent(template), this.#options.rules, (type, stateKey) =>
      state.get(type, stateKey),
    ).ok;
  }
}

/** Any side's entry for each key: what nobody honest would come to. */
function mixed(states: readonly StateMap<RoomEvent>[], random: () => number): StateMap<RoomEvent> {
  const result = new StateMap<RoomEvent>();
  for (const state of states) {
    for (const [type, stateKey, event] of state) {
      if (!result.has(type, stateKey) || random() < 0.5) result.set(type, stateKey, event);
    }
  }
  return result;
}

/** For rules that look at no id. */
function asEvent(template: EventTemplate): RoomEvent {
  return {
    ...template,
    eventId: '$draft' as EventId,
    roomId: template.roomId ?? ('!draft' as RoomEvent['roomId']),
    stateKey: template.stateKey,
    redacts: template.redacts,
  };
}

function withEvent(state: StateMap<RoomEvent>, event: RoomEvent): StateMap<RoomEvent> {
  if (event.stateKey === undefined) return state;
  const after = state.clone();
  after.set(event.type, event.stateKey, event);
  return after;
}

function idsOf(state: StateMap<RoomEvent>): StateMap<EventId> {
  return StateMap.from(
    [...state].map(([type, stateKey, event]) => [type, stateKey, event.eventId] as const),
  );
}
