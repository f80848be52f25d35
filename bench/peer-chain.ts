import {
  buildEvent,
  hashAndSignEvent,
  type EventId,
  type JsonObject,
  type RoomId,
  type UserId,
} from '@hansa/protocol';
import { eventIdIn, RULES, userOf, type PeerJoin, type PeerServers } from './peer-servers.ts';

/** What a server that this process plays says in a room that it joined: each event upon the last. */
export class PeerChain {
  readonly #peers: PeerServers;
  readonly #origin: string;
  readonly #roomId: RoomId;
  readonly #authEvents: readonly EventId[];
  #last: EventId;
  #depth: number;

  constructor(
    peers: PeerServers,
    origin: string,
    { roomId, joined }: { readonly roomId: string; readonly joined: PeerJoin },
  ) {
    this.#peers = peers;
    this.#origin = origin;
    this.#roomId = roomId as RoomId;
    this.#last = eventIdIn(joined.event);
    this.#depth = Number(joined.event['depth']);
    const levels = joined.state.filter(({ type }) => type === 'm.room.power_levels');
    this.#authEvents = [...levels.map(eventIdIn), this.#last];
  }

  /** Its next event. */
  next(
    content: JsonObject,
    about: { readonly type: string; readonly stateKey?: string } = { type: 'm.room.message' },
  ): JsonObject {
    this.#depth += 1;
    const template = {
      ...about,
      content,
      sender: userOf(this.#origin) as UserId,
      roomId: this.#roomId,
      prevEvents: [this.#last],
      authEvents: this.#authEvents,
      depth: this.#depth,
      originServerTs: Date.now(),
    };
    const unsigned = buildEvent(template, RULES);
    const key = this.#peers.keyOf(this.#origin);
    const event = hashAndSignEvent(unsigned, RULES, this.#origin, key);
    this.#last = eventIdIn(event);
    return event;
  }
}
