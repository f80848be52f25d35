import {
  authEventKeys,
  getRoomVersion,
  StateMap,
  type EventId,
  type JsonObject,
  type RoomEvent,
  type RoomVersionId,
} from '@hansa/protocol';
import { firstSketches } from '@hansa/protocol/testing/event-graph-sketches';
import { pick, seededRandom, shuffled } from '@hansa/protocol/testing/seeded-random';
import { honestSketch, USERS } from './honest-sketch.ts';
import { isKnownToDiffer } from './known-differences.ts';
import { malform } from './malform.ts';
import { SimulatedRoom, type Sketch } from './simulated-room.ts';

const FEWEST_EVENTS = 8;
const MOST_EVENTS = 60;
const EXTRA_RESOLUTIONS = 3;
const ATTEMPTS = 4;
/** Levels that let some users do what others may not. */
const EARLY_LEVELS: readonly JsonObject[] = [
  {},
  { kick: 0, ban: 50 },
  { kick: 25, ban: 75, invite: 50 },
  { state_default: 0, redact: 0, users_default: 1 },
];
const START_MS = 1_700_000_000_000;

/** A room of forks, merges and quarrels, all of it decided by our rules; the same for the same seed. */
export function randomRoom(version: RoomVersionId, seed: number): SimulatedRoom {
  return new RoomMaker(version, seededRandom(seed)).make();
}

class RoomMaker {
  readonly #random: () => number;
  readonly #room: SimulatedRoom;
  /** How often something is wrong with an event. */
  readonly #wildness: number;
  #tips: EventId[] = [];
  #timeMs = START_MS;

  constructor(version: RoomVersionId, random: () => number) {
    this.#random = random;
    this.#room = new SimulatedRoom(getRoomVersion(version));
    this.#wildness = pick([0, 0.03, 0.15], random);
  }

  make(): SimulatedRoom {
    const size = FEWEST_EVENTS + Math.floor(this.#random() * (MOST_EVENTS - FEWEST_EVENTS));
    const [create, ...others] = firstSketches(this.#room.rules, this.#random);
    if (create === undefined) throw new Error('a room begins with its create event');
    this.#append(() => this.#create(create));
    if (this.#room.events.length === 0) this.#append(() => create);
    for (const sketch of others) if (this.#random() < 0.95) this.#append(() => this.#early(sketch));
    // An event that is the same as another, or that has no valid form, adds nothing: so attempts are counted.
    for (let attempt = 0; attempt < 2 * size && this.#room.events.length < size; attempt += 1) {
      this.#append((state) => this.#anySketch(state));
    }
    for (let count = 0; count < EXTRA_RESOLUTIONS; count += 1) this.#resolveAny();
    return this.#room;
  }

  #create(sketch: Sketch): Sketch {
    const federate = this.#random() < 0.1 ? { 'm.federate': this.#random() < 0.5 } : {};
    const content = { ...sketch.content, ...federate };
    return { ...sketch, content: this.#isWild(0.3) ? malform(content, this.#random) : content };
  }

  #early(sketch: Sketch): Sketch {
    if (sketch.type !== 'm.room.power_levels') return sketch;
    return { ...sketch, content: { ...sketch.content, ...pick(EARLY_LEVELS, this.#random) } };
  }

  #append(sketchFor: (state: StateMap<RoomEvent>) => Sketch): void {
    const prevEvents = this.#choosePrevEvents();
    const before = this.#eventsOf(this.#room.stateAfter(prevEvents));
    const sketch = this.#chooseSketch(() => sketchFor(before), prevEvents);
    if (isKnownToDiffer(sketch, before, this.#room.rules)) return;
    // What a redaction looks like in its own redacted form.
    const untargeted = { ...sketch, redacts: undefined };
    const depths = prevEvents.map((eventId) => this.#room.get(eventId).pdu.depth);
    const placed = this.#room.add(sketch, {
      prevEvents,
      authEvents: this.#chooseAuthEvents(sketch, before),
      originServerTs: this.#time(),
      depth: this.#isWild()
        ? this.#extreme()
        : Math.min(Math.max(0, ...depths) + 1, Number.MAX_SAFE_INTEGER),
      redacted: this.#isWild() && !isKnownToDiffer(untargeted, before, this.#room.rules),
    });
    if (placed === undefined || (placed.rejected && this.#room.events.length > 1)) return;
    const { eventId } = placed.pdu;
    this.#tips = [...this.#tips.filter((tip) => !prevEvents.includes(tip)), eventId];
  }

  /** Mostly something that is allowed: a room in which nothing happens teaches little. */
  #chooseSketch(make: () => Sketch, prevEvents: readonly EventId[]): Sketch {
    let sketch = make();
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      if (this.#random() < 0.15 || this.#room.allows(sketch, prevEvents)) break;
      sketch = make();
    }
    return sketch;
  }

  #anySketch(state: StateMap<RoomEvent>): Sketch {
    const { rules } = this.#room;
    const random = this.#random;
    const sketch = honestSketch(state, { rules, random, extremes: this.#isWild() });
    if (!this.#isWild()) return sketch;
    const { stateKey: _stateKey, ...stateless } = sketch;
    switch (Math.floor(this.#random() * 6)) {
      case 0:
        return stateless;
      case 1:
        return { ...sketch, stateKey: pick(['', 'x', '@u1:a.example', '@', '@x'], this.#random) };
      case 2:
        return { ...sketch, sender: pick(USERS, this.#random) };
      default:
        return { ...sketch, content: malform(sketch.content, this.#random) };
    }
  }

  #choosePrevEvents(): EventId[] {
    const random = this.#random;
    const known = this.#room.events.map(({ pdu }) => pdu.eventId);
    if (known.length < 5) return this.#tips;
    const roll = random();
    if (roll < 0.6) return [pick(this.#tips, random)];
    if (roll < 0.8) return [pick(known.slice(-15), random)];
    return shuffled(
      new Set([pick(this.#tips, random), pick(this.#tips, random), pick(known, random)]),
      random,
    );
  }

  #chooseAuthEvents(sketch: Sketch, before: StateMap<RoomEvent>): EventId[] {
    const random = this.#random;
    const state = this.#isWild() ? this.#eventsOf(this.#anyState()) : before;
    const right = authEventKeys({ ...sketch, stateKey: sketch.stateKey }, this.#room.rules)
      .map(([type, stateKey]) => state.get(type, stateKey)?.eventId)
      .filter((eventId) => eventId !== undefined);
    const known = this.#room.events.map(({ pdu }) => pdu.eventId);
    if (known.length === 0 || !this.#isWild()) return right;
    if (random() < 0.5) return [...right, pick(known, random)];
    return shuffled(right, random).slice(1);
  }

  #resolveAny(): void {
    const states = Array.from({ length: 2 + Math.floor(this.#random() * 3) }, () =>
      this.#anyState(),
    );
    this.#room.resolve(states);
  }

  #anyState(): StateMap<EventId> {
    const { events } = this.#room;
    return events.length === 0 ? new StateMap() : pick(events, this.#random).after;
  }

  #eventsOf(state: StateMap<EventId>): StateMap<RoomEvent> {
    return StateMap.from(
      [...state].map(
        ([type, stateKey, eventId]) => [type, stateKey, this.#room.get(eventId).pdu] as const,
      ),
    );
  }

  /** Ties are frequent, and some clocks are off. */
  #time(): number {
    if (this.#isWild()) return this.#extreme();
    if (this.#random() < 0.6) this.#timeMs += 1_000;
    return this.#random() < 0.1 ? this.#timeMs - 5_000 : this.#timeMs;
  }

  #extreme(): number {
    return pick([0, 1, Number.MAX_SAFE_INTEGER], this.#random);
  }

  #isWild(factor = 1): boolean {
    return this.#random() < this.#wildness * factor;
  }
}
