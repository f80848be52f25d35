import {
  authEventKeys,
  getRoomVersion,
  StateMap,
  type EventId,
  type JsonObject,
  type RoomEvent,
  type RoomVersionId,
  type UserId,
} from '@hansa/protocol';
import { firstSketches, randomSketch } from '@hansa/protocol/testing/event-graph-sketches';
import { pick, seededRandom, shuffled } from '@hansa/protocol/testing/seeded-random';
import { isKnownToDiffer } from './known-differences.ts';
import { malform } from './malform.ts';
import { SimulatedRoom, type Sketch } from './simulated-room.ts';
import { promise, redeem, TOKENS } from './third-party.ts';

const FEWEST_EVENTS = 8;
const MOST_EVENTS = 60;
const EXTRA_RESOLUTIONS = 3;
const ATTEMPTS = 4;
const START_MS = 1_700_000_000_000;

/** Users of `randomSketch`, one of a server that has nobody else, and one with an id of old. */
const USERS = [
  '@u0:a.example',
  '@u2:b.example',
  '@u4:c.example',
  '@alone:d.example',
  '@Ä b:b.example',
].map((user) => user as UserId);

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
    for (const sketch of others) if (this.#random() < 0.95) this.#append(() => sketch);
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

  #append(sketchFor: (state: StateMap<RoomEvent>) => Sketch): void {
    const prevEvents = this.#choosePrevEvents();
    const before = this.#eventsOf(this.#room.stateAfter(prevEvents));
    const sketch = this.#chooseSketch(() => sketchFor(before), prevEvents);
    if (isKnownToDiffer(sketch, before, this.#room.rules)) return;
    const depths = prevEvents.map((eventId) => this.#room.get(eventId).pdu.depth);
    const placed = this.#room.add(sketch, {
      prevEvents,
      authEvents: this.#chooseAuthEvents(sketch, before),
      originServerTs: this.#time(),
      depth: this.#isWild()
        ? this.#extreme()
        : Math.min(Math.max(0, ...depths) + 1, Number.MAX_SAFE_INTEGER),
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
    const sketch = this.#honestSketch(state);
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

  #honestSketch(state: StateMap<RoomEvent>): Sketch {
    const random = this.#random;
    const someone = pick(USERS, random);
    const joined = [...state.ofType('m.room.member').values()]
      .filter((event) => event.content['membership'] === 'join')
      .map((event) => event.stateKey as UserId);
    const sender = joined.length > 0 ? pick(joined, random) : someone;
    const roll = random() * 100;
    if (roll < 3) return promise(sender, pick(TOKENS, random), random);
    if (roll < 7) return redemption(state, someone, sender, random);
    if (roll < 11)
      return {
        type: 'm.room.member',
        stateKey: someone,
        sender: someone,
        content: { membership: 'join' },
      };
    if (roll < 14) return otherState(sender, random);
    if (roll < 15)
      return {
        type: 'm.room.create',
        stateKey: '',
        sender,
        content: { room_version: this.#room.rules.id },
      };
    return randomSketch(state, { rules: this.#room.rules, random, extremes: this.#isWild() });
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

/** Of a promise that was made, mostly, by whom it was made, mostly, for the right user, mostly. */
function redemption(
  state: StateMap<RoomEvent>,
  user: UserId,
  other: UserId,
  random: () => number,
): Sketch {
  const made = [...state.ofType('m.room.third_party_invite').keys()];
  const token = made.length > 0 && random() < 0.9 ? pick(made, random) : pick(TOKENS, random);
  const promiser = state.get('m.room.third_party_invite', token)?.sender ?? other;
  const sender = random() < 0.9 ? promiser : other;
  return redeem(sender, user, { mxid: random() < 0.9 ? user : other, token }, random);
}

function otherState(sender: UserId, random: () => number): Sketch {
  const contents = new Map<string, JsonObject>([
    ['m.room.aliases', { aliases: ['#x:a.example'] }],
    ['m.room.history_visibility', { history_visibility: 'joined' }],
    ['m.room.server_acl', { allow: ['*'], deny: ['d.example'] }],
    ['m.room.encryption', { algorithm: 'm.megolm.v1.aes-sha2' }],
  ]);
  const [type, content] = pick([...contents], random);
  return { type, stateKey: type === 'm.room.aliases' ? 'a.example' : '', sender, content };
}
