import {
  authEventKeys,
  type EventId,
  getRoomVersion,
  type JsonObject,
  type RoomEvent,
  type RoomId,
  type RoomVersionId,
  type RoomVersionRules,
  StateMap,
  type UserId,
} from '@hansa/protocol';
import type { EventMaker } from '@hansa/protocol/testing/event-graph-makers';

/** A large room whose history has forked in two. */
export interface ForkedRoom<E extends RoomEvent> {
  readonly rules: RoomVersionRules;
  /** In auth order. */
  readonly events: readonly E[];
  /** State at the end of each fork. */
  readonly states: readonly [StateMap<EventId>, StateMap<EventId>];
}

/** What happens on each of the two forks. */
export interface Fork {
  /** Changes of the power levels, one on the other. */
  readonly levelChanges: number;
  /** Bans, divided among the changes, of other members on each side. */
  readonly bans: number;
  readonly topics: number;
  /** Users whom each change of the power levels names, moderators first: only those, where nothing is said. */
  readonly usersWithLevels?: number;
}

const MODERATORS = 20;
const START_MS = 1_760_000_000_000;

export function makeForkedRoom<E extends RoomEvent>(
  version: RoomVersionId,
  members: number,
  fork: Fork,
  maker: (rules: RoomVersionRules) => EventMaker<E>,
): ForkedRoom<E> {
  const rules = getRoomVersion(version);
  const room = new Growing(rules, maker(rules));
  room.begin(members, fork);
  const base = room.state;
  const states = [0, 1].map((side) => {
    room.state = base.clone();
    room.grow(side, fork, members);
    return StateMap.from(
      [...room.state].map(([type, stateKey, { eventId }]) => [type, stateKey, eventId] as const),
    );
  }) as [StateMap<EventId>, StateMap<EventId>];
  return { rules, events: room.events, states };
}

class Growing<E extends RoomEvent> {
  readonly events: E[] = [];
  state = new StateMap<E>();
  readonly #rules: RoomVersionRules;
  readonly #maker: EventMaker<E>;
  #roomId: RoomId | undefined;

  constructor(rules: RoomVersionRules, maker: EventMaker<E>) {
    this.#rules = rules;
    this.#maker = maker;
  }

  begin(members: number, fork: Fork): void {
    const founder = userId(0);
    const creator = this.#rules.auth.createNeedsCreator ? { creator: founder } : {};
    this.#add('m.room.create', '', founder, { room_version: this.#rules.id, ...creator });
    this.#add('m.room.member', founder, founder, { membership: 'join' });
    this.#add('m.room.power_levels', '', founder, this.#levels(0, fork));
    this.#add('m.room.join_rules', '', founder, { join_rule: 'public' });
    for (let member = 1; member < members; member += 1) {
      const joining = userId(member);
      this.#add('m.room.member', joining, joining, { membership: 'join' });
    }
  }

  /** The second side bans from the end of the list of members. */
  grow(side: number, fork: Fork, members: number): void {
    const { levelChanges, bans, topics } = fork;
    const founder = userId(0);
    let banned = 0;
    for (let change = 1; change <= levelChanges; change += 1) {
      const levels = this.#levels(2 * change + side, fork);
      this.#add('m.room.power_levels', '', founder, levels);
      for (; banned < (bans * change) / levelChanges; banned += 1) {
        const moderator = userId(1 + (banned % MODERATORS));
        const target = userId(side === 0 ? 1 + MODERATORS + banned : members - 1 - banned);
        this.#add('m.room.member', target, moderator, { membership: 'ban' });
      }
    }
    for (let topic = 0; topic < topics; topic += 1) {
      this.#add('m.room.topic', '', userId(1), { topic: `${side}: ${topic}` });
    }
  }

  /** Levels of the moderators, of others, of the founder where levels say anything of founders, and one that changes. */
  #levels(changing: number, { usersWithLevels = MODERATORS }: Fork): JsonObject {
    const named = Array.from(
      { length: usersWithLevels },
      (_, at) => [userId(1 + at), at < MODERATORS ? 50 : 1] as const,
    );
    const founder = this.#rules.auth.privilegedCreators ? [] : [[userId(0), 100] as const];
    const users = Object.fromEntries([...founder, ...named]);
    return { users, events: { 'm.room.topic': 50 }, users_default: 0, invite: changing % 40 };
  }

  #add(type: string, stateKey: string, sender: UserId, content: JsonObject): void {
    const previous = this.events.at(-1);
    const authEvents = authEventKeys({ type, stateKey, sender, content }, this.#rules)
      .map((key) => this.state.get(...key)?.eventId)
      .filter((eventId) => eventId !== undefined);
    const event = this.#maker.make({
      type,
      stateKey,
      sender,
      content,
      roomId: this.#roomId,
      authEvents,
      prevEvents: previous === undefined ? [] : [previous.eventId],
      depth: this.events.length + 1,
      originServerTs: START_MS + this.events.length,
    });
    this.#roomId ??= event.roomId;
    this.events.push(event);
    this.state.set(type, stateKey, event);
  }
}

function userId(member: number): UserId {
  return `@user-${member}:server-${member % 100}.example` as UserId;
}
