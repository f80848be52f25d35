import { FederationHttp, sendTransaction } from '@hansa/homeserver';
import { eventIdOf } from '@hansa/protocol';
import type { EventId, JsonObject, RoomId, ServerName, UserId } from '@hansa/protocol';
import type { SimulatedNetwork } from '../network/simulated-network.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import type { Draws } from '../world/draws.ts';
import { BEGIN } from '../world/lifetime.ts';
import type { World } from '../world/world.ts';
import { forge, forgedRoom, memberOf } from './forge.ts';
import type { ForgedRoom, Forgery } from './forge.ts';

/** Newest events that a forgery may stand on. */
const REACH = 12;
const MOST_IN_FLOOD = 40;

interface Hostile {
  readonly server: SimulatedServer;
  readonly victims: readonly ServerName[];
  readonly network: SimulatedNetwork;
  readonly world: World;
  readonly draws: Draws;
}

/** Makes one or more events that should do nobody any harm; those in `told` are sent, the others are withheld. */
type Attack = (room: ForgedRoom, sender: UserId) => Promise<readonly JsonObject[]>;

/** Sends events that an honest server would not, to some and not to others. */
export class Attacker {
  readonly #hostile: Hostile;
  readonly #draws: Draws;
  #transactions = 0;

  constructor(hostile: Hostile) {
    this.#hostile = hostile;
    this.#draws = hostile.draws.of('attacker');
  }

  /** Attacks a room once, in a way of the seed's choice. */
  async strike(roomId: RoomId): Promise<void> {
    const { server, victims, world } = this.#hostile;
    if (server.isDown) return;
    const room = await forgedRoom(server, roomId, REACH);
    const sender = await memberOf(server, roomId);
    if (room === undefined || sender === undefined || room.events.length === 0) return;
    const [name, attack] = this.#draws.pick(this.#attacks());
    const events = await attack(room, sender);
    const told = this.#draws.shuffled(victims).slice(0, this.#draws.between(1, victims.length));
    world.note(`hostile: ${name} in ${roomId}, ${events.length} events to ${told.join(' ')}`);
    for (const victim of told) await this.#send(victim, events);
  }

  #attacks(): readonly (readonly [name: string, attack: Attack])[] {
    return [
      ['fork', async (room, sender) => [await this.#say(room, sender, this.#old(room))]],
      ['fork of forks', (room, sender) => this.#forkOfForks(room, sender)],
      ['forged power', async (room, sender) => [await this.#forgedPower(room, sender)]],
      ['forged state', async (room, sender) => [await this.#forgedState(room, sender)]],
      ['forged member', async (room, sender) => [await this.#forgedMember(room, sender)]],
      ['withheld parent', (room, sender) => this.#withheldParent(room, sender)],
      [
        'bad signature',
        async (room, sender) => [spoilt(await this.#say(room, sender, this.#old(room)))],
      ],
      [
        'bad hash',
        async (room, sender) => [changed(await this.#say(room, sender, this.#old(room)))],
      ],
      ['foreign sender', (room) => this.#foreignSender(room)],
      ['no such parent', (room, sender) => this.#noSuchParent(room, sender)],
      ['flood', (room, sender) => this.#flood(room, sender)],
    ];
  }

  async #forkOfForks(room: ForgedRoom, sender: UserId): Promise<readonly JsonObject[]> {
    const made: JsonObject[] = [];
    const ends: EventId[] = [...this.#old(room)];
    for (let n = this.#draws.between(2, 8); n > 0; n -= 1) {
      const event = await this.#say(room, sender, [this.#draws.pick(ends)]);
      made.push(event);
      ends.push(idOf(event, room));
    }
    return made;
  }

  async #flood(room: ForgedRoom, sender: UserId): Promise<readonly JsonObject[]> {
    const made: JsonObject[] = [];
    let end = this.#old(room);
    for (let n = this.#draws.between(10, MOST_IN_FLOOD); n > 0; n -= 1) {
      const event = await this.#say(room, sender, end);
      made.push(event);
      end = [idOf(event, room)];
    }
    return made;
  }

  async #withheldParent(room: ForgedRoom, sender: UserId): Promise<readonly JsonObject[]> {
    const withheld = await this.#say(room, sender, this.#old(room));
    return [await this.#say(room, sender, [idOf(withheld, room)])];
  }

  async #noSuchParent(room: ForgedRoom, sender: UserId): Promise<readonly JsonObject[]> {
    const nothing = `$${Buffer.from(this.#draws.bytes(32)).toString('base64url')}` as EventId;
    return [await this.#say(room, sender, [nothing, ...this.#old(room)])];
  }

  #forgedPower(room: ForgedRoom, sender: UserId): Promise<JsonObject> {
    return this.#forge(room, {
      type: 'm.room.power_levels',
      stateKey: '',
      sender,
      content: { users: { [sender]: 100 }, state_default: 0 },
      prevEvents: this.#old(room),
      // Those of an older event, which may know less of who has been removed.
      authEvents: this.#draws.chance(0.5) ? [] : this.#old(room),
    });
  }

  #forgedState(room: ForgedRoom, sender: UserId): Promise<JsonObject> {
    const [type, content] = this.#draws.pick([
      ['m.room.name', { name: 'Mine' }],
      ['m.room.join_rules', { join_rule: 'public' }],
      ['m.room.topic', { topic: 'Mine' }],
      // Where the id of the room is made of it there is no other.
      room.rules.roomIdFormat === 'create-event-hash'
        ? ['m.room.avatar', { url: 'mine' }]
        : ['m.room.create', { creator: sender }],
    ] as const);
    return this.#forge(room, { type, stateKey: '', sender, content, prevEvents: this.#old(room) });
  }

  async #forgedMember(room: ForgedRoom, sender: UserId): Promise<JsonObject> {
    const { server, victims } = this.#hostile;
    const joined = await server.store.readers.rooms.listMembers(room.roomId, 'join');
    const others = joined.filter((userId) => victims.some((name) => userId.endsWith(name)));
    const victim = others.length === 0 ? undefined : this.#draws.pick(others);
    return this.#forge(room, {
      type: 'm.room.member',
      stateKey: victim ?? sender,
      sender,
      content: { membership: this.#draws.pick(['leave', 'ban', 'join']) },
      prevEvents: this.#old(room),
    });
  }

  async #foreignSender(room: ForgedRoom): Promise<readonly JsonObject[]> {
    const victim = this.#draws.pick(this.#hostile.victims);
    return [await this.#say(room, `@u0:${victim}` as UserId, this.#old(room))];
  }

  /** One or two events to stand on that are not the newest. */
  #old({ events }: ForgedRoom): readonly EventId[] {
    return this.#draws.shuffled(events).slice(0, this.#draws.between(1, 2));
  }

  #say(room: ForgedRoom, sender: UserId, prevEvents: readonly EventId[]): Promise<JsonObject> {
    const content = { msgtype: 'm.text', body: `hostile ${this.#draws.below(1e9)}` };
    return this.#forge(room, { type: 'm.room.message', sender, content, prevEvents });
  }

  #forge(room: ForgedRoom, forgery: Omit<Forgery, 'originServerTs'>): Promise<JsonObject> {
    const { server, world } = this.#hostile;
    return forge(server, room, { ...forgery, originServerTs: BEGIN + world.now });
  }

  async #send(victim: ServerName, pdus: readonly JsonObject[]): Promise<void> {
    const { server, network } = this.#hostile;
    const { lifetime, name, key } = server;
    if (lifetime === undefined) return;
    const own = { serverName: name, signingKey: key, retiredKeys: [] };
    const http = new FederationHttp({ own, transport: network.transportOf(name, lifetime) });
    this.#transactions += 1;
    const content = { origin: name, origin_server_ts: 0, pdus };
    const transaction = { transactionId: `hostile ${this.#transactions}`, content };
    // Whether it is taken is no matter.
    await sendTransaction(http, victim, transaction, new AbortController().signal).catch(() => {});
  }
}

function idOf(event: JsonObject, { rules }: ForgedRoom): EventId {
  const eventId = eventIdOf(event, rules);
  if (!eventId.ok) throw new Error(eventId.reason);
  return eventId.value;
}

/** With a signature that does not hold. */
function spoilt(event: JsonObject): JsonObject {
  return { ...event, origin_server_ts: Number(event['origin_server_ts']) + 1 };
}

/** With a content that its hash does not cover. */
function changed(event: JsonObject): JsonObject {
  return { ...event, content: { msgtype: 'm.text', body: 'changed on its way' } };
}
