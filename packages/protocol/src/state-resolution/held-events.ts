import type { RoomEvent } from '../events/room-event.ts';
import type { EventId, RoomId } from '../identifiers/brand.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { ResolutionRoom } from './resolution-input.ts';

/** An event that resolution came upon. There is one object for each, so that steps need not compare ids. */
export class HeldEvent {
  /** From 0 on, without gaps. */
  readonly index: number;
  readonly event: RoomEvent;
  readonly rejected: boolean;
  /** Of those of its auth events that are held; `undefined` until somebody asks. */
  authEvents: readonly HeldEvent[] | undefined;

  constructor(index: number, event: RoomEvent, rejected: boolean) {
    this.index = index;
    this.event = event;
    this.rejected = rejected;
  }
}

/** What one resolution has looked up of its room: every event once. */
export class HeldEvents {
  readonly rules: RoomVersionRules;
  readonly #room: ResolutionRoom;
  /** `null`: asked for, and not held. */
  readonly #byId = new Map<EventId, HeldEvent | null>();
  readonly #createEvents = new Map<RoomId, HeldEvent | undefined>();
  #count = 0;

  /** How many there are: their indexes are below this. */
  get size(): number {
    return this.#count;
  }

  constructor(room: ResolutionRoom) {
    this.rules = room.rules;
    this.#room = room;
  }

  /** `undefined` where the event is not held. */
  find(eventId: EventId): HeldEvent | undefined {
    const known = this.#byId.get(eventId);
    if (known !== undefined) return known ?? undefined;
    const event = this.#room.event(eventId);
    if (event === undefined) {
      this.#byId.set(eventId, null);
      return undefined;
    }
    const held = new HeldEvent(this.#count, event, this.#room.rejected(eventId));
    this.#count += 1;
    this.#byId.set(eventId, held);
    return held;
  }

  authEventsOf(held: HeldEvent): readonly HeldEvent[] {
    return (held.authEvents ??= this.#findAll(held.event.authEvents));
  }

  /** The event of a key among an event's own auth events. In version 12 the create event is implied by the room id. */
  authEventOf(held: HeldEvent, type: string, stateKey: string): HeldEvent | undefined {
    if (type === 'm.room.create' && this.rules.roomIdFormat === 'create-event-hash') {
      return this.#createEventOf(held.event.roomId);
    }
    for (const authEvent of this.authEventsOf(held)) {
      const { event } = authEvent;
      if (event.type === type && event.stateKey === stateKey) return authEvent;
    }
    return undefined;
  }

  #findAll(eventIds: readonly EventId[]): readonly HeldEvent[] {
    const found = eventIds.map((eventId) => this.find(eventId));
    return isComplete(found) ? found : found.filter((held) => held !== undefined);
  }

  #createEventOf(roomId: RoomId): HeldEvent | undefined {
    if (!this.#createEvents.has(roomId)) {
      this.#createEvents.set(roomId, this.find(`$${roomId.slice(1)}` as EventId));
    }
    return this.#createEvents.get(roomId);
  }
}

function isComplete(found: readonly (HeldEvent | undefined)[]): found is readonly HeldEvent[] {
  return !found.includes(undefined);
}
