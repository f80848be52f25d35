import { hashAndSign, type FloorKey, type SignedEvent } from './signed-event.ts';

const ROOM_ID = '!floorfloorfloorfloorfloorfloorfloorfloor00';
/** What an event of a room of version 12 names: its sender's membership and the power levels. */
const AUTH_EVENTS = [`$${'b'.repeat(43)}`, `$${'c'.repeat(43)}`];

/** A room that lives in memory: one member, and the last event. */
export class FloorRoom {
  readonly sender: string;
  readonly #server: string;
  readonly #key: FloorKey;
  readonly #memberships: ReadonlyMap<string, string>;
  #last = `$${'d'.repeat(43)}`;
  #depth = 10;

  constructor(server: string, key: FloorKey) {
    this.#server = server;
    this.#key = key;
    this.sender = `@ada:${server}`;
    this.#memberships = new Map([[this.sender, 'join']]);
  }

  /** The next event of the room, upon the last. */
  make(type: string, content: string): SignedEvent & { depth: number; previous: string } {
    if (this.#memberships.get(this.sender) !== 'join') throw new Error('not a member');
    const previous = this.#last;
    this.#depth += 1;
    const event = {
      auth_events: AUTH_EVENTS,
      content: JSON.parse(content) as Record<string, string>,
      depth: this.#depth,
      origin_server_ts: Date.now(),
      prev_events: [previous],
      room_id: ROOM_ID,
      sender: this.sender,
      type,
    };
    const signed = hashAndSign(event, this.#server, this.#key);
    this.#last = signed.eventId;
    return { ...signed, depth: this.#depth, previous };
  }
}
