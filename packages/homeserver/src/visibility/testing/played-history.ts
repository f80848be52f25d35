import { getRoomVersion, type RoomId, type ServerName, type UserId } from '@hansa/protocol';
import fc from 'fast-check';
import { say, setState } from '../../engine/testing/rooms.ts';
import { join } from '../../engine/testing/shared-room.ts';
import { TestNetwork } from '../../engine/testing/test-network.ts';
import type { TestServer } from '../../engine/testing/test-server.ts';
import type { StoredEvent } from '../../engine/room-views.ts';
import { MatrixError } from '../../matrix-error.ts';
import { NaiveHistory } from './naive-history.ts';

const OURS = 'ours.test' as ServerName;
const PEERS = ['first.test', 'second.test', 'third.test'] as const;
/** A server that nobody of the room is on, ever. */
const STRANGE_SERVER = 'strange.test' as ServerName;
const MAX_EVENTS = 500;
const PAGE = 20;
const ROOM_RULES = getRoomVersion('12');
const VISIBILITIES = ['world_readable', 'shared', 'invited', 'joined', 'made up'] as const;

/** One thing that somebody does, or tries to. */
export interface Step {
  readonly deed: (typeof DEEDS)[number];
  /** Who does it, or whom it is done to. */
  readonly whom: number;
  readonly visibility: (typeof VISIBILITIES)[number];
}

const DEEDS = [
  ...(['visibility', 'visibility', 'say', 'say', 'name', 'speak'] as const),
  ...([
    'invite',
    'invite',
    'join',
    'join',
    'join',
    'leave',
    'leave',
    'kick',
    'ban',
    'unban',
  ] as const),
] as const;

const PEOPLE = 6;

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    deed: fc.constantFrom(...DEEDS),
    whom: fc.nat(PEOPLE - 1),
    visibility: fc.constantFrom(...VISIBILITIES),
  }),
  { minLength: 12, maxLength: 36, size: 'max' },
);

export interface Script {
  /** Where the room is made: by us, or by another server, whose history we fetch after we came in half-way. */
  readonly host: 'ours' | 'theirs';
  readonly steps: readonly Step[];
}

export const scripts: fc.Arbitrary<Script> = fc.record({
  host: fc.constantFrom('ours', 'theirs'),
  steps,
});

interface Person {
  readonly server: TestServer;
  readonly name: string;
}

/** A room of alice's, here or elsewhere, whose history was really played, by us and three other servers. */
export class PlayedHistory implements AsyncDisposable {
  readonly ours: TestServer;
  readonly roomId: RoomId;
  /** One that alice alone is in. */
  readonly otherRoomId: RoomId;
  readonly otherEvents: readonly StoredEvent[];
  readonly history: NaiveHistory;
  readonly #network: TestNetwork;

  private constructor(parts: {
    readonly network: TestNetwork;
    readonly ours: TestServer;
    readonly rooms: readonly [RoomId, RoomId];
    readonly histories: readonly [readonly StoredEvent[], readonly StoredEvent[]];
  }) {
    this.#network = parts.network;
    this.ours = parts.ours;
    [this.roomId, this.otherRoomId] = parts.rooms;
    this.history = new NaiveHistory(parts.histories[0]);
    [, this.otherEvents] = parts.histories;
  }

  static async play(script: Script): Promise<PlayedHistory> {
    const network = new TestNetwork();
    const ours = await network.addServer(OURS);
    const peers = await network.addServers(...PEERS);
    const people: readonly Person[] = [
      ...['ben', 'cleo', 'dora'].map((name) => ({ server: ours, name })),
      ...peers.map((server) => ({ server, name: 'peer' })),
    ];
    const host = script.host === 'ours' ? ours : peers[0];
    const roomId = await host.engine.createRoom(openRoom(host.user('alice')));
    const other = await ours.engine.createRoom(openRoom(ours.user('alice')));
    await say(ours, other, 'alice', 'elsewhere');
    const halfway = host === ours ? 0 : Math.floor(script.steps.length / 2);
    for (const [n, step] of script.steps.entries()) {
      const person = people[step.whom];
      if (person === undefined) throw new Error('there are six');
      if (n === halfway && host !== ours) {
        await join(ours, roomId, 'alice', host);
        // Whoever acts before they have heard of it makes a fork.
        await network.settle();
      }
      // Before we are in the room none of ours acts, as we would leave with them.
      if (n < halfway && person.server === ours) continue;
      // What the room does not allow is part of no history.
      await act({ host, roomId, person, step }).catch((error: unknown) => {
        if (!(error instanceof MatrixError)) throw error;
      });
      await network.settle();
    }
    while (await ours.engine.backfill(roomId, PAGE)) await network.idle();
    const all = { direction: 'forward', from: Number.MIN_SAFE_INTEGER, limit: MAX_EVENTS } as const;
    const read = (server: TestServer, from: RoomId) =>
      server.views.timeline({ roomId: from, ...all });
    const histories = [await read(ours, roomId), await read(ours, other)] as const;
    const { length } = await read(host, roomId);
    if (length !== histories[0].length) throw new Error('we do not have all of the history');
    return new PlayedHistory({ network, ours, rooms: [roomId, other], histories });
  }

  /** Our users: who made the room, who came and went, and who was never there. */
  get users(): readonly UserId[] {
    return ['alice', 'ben', 'cleo', 'dora', 'stranger'].map((name) => this.ours.user(name));
  }

  get servers(): readonly ServerName[] {
    return [...PEERS, STRANGE_SERVER] as ServerName[];
  }

  /** Places in the stream that we gave out, and places that nobody did. */
  get places(): readonly number[] {
    const positions = this.history.moments.map(({ position }) => position);
    const [first = 0, last = 0] = [positions.at(0), positions.at(-1)];
    const invented = [Number.MIN_SAFE_INTEGER, -1, 0, first - 1, last + 1, Number.MAX_SAFE_INTEGER];
    return [...positions, ...invented];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { problems } of this.#network.servers) problems.length = 0;
    await this.#network.close();
  }
}

function openRoom(creator: UserId): Parameters<TestServer['engine']['createRoom']>[0] {
  return {
    rules: ROOM_RULES,
    creator,
    createContent: {},
    creatorProfile: {},
    initialState: [{ type: 'm.room.join_rules', stateKey: '', content: { join_rule: 'public' } }],
  };
}

interface Scene {
  /** Where alice is, who made the room. */
  readonly host: TestServer;
  readonly roomId: RoomId;
  readonly person: Person;
  readonly step: Step;
}

async function act({ host, roomId, person, step }: Scene): Promise<void> {
  const { server, name } = person;
  const userId = server.user(name);
  const moderate = (membership: string) =>
    setState(host, roomId, 'alice', 'm.room.member', { membership }, userId);
  switch (step.deed) {
    case 'visibility': {
      const content = { history_visibility: step.visibility };
      await setState(host, roomId, 'alice', 'm.room.history_visibility', content);
      return;
    }
    case 'say':
      await say(host, roomId, 'alice', 'said by alice');
      return;
    case 'name':
      await setState(host, roomId, 'alice', 'm.room.name', { name: `name ${step.whom}` });
      return;
    case 'speak':
      await say(server, roomId, name, 'said by another');
      return;
    case 'invite': {
      const sender = host.user('alice');
      await host.engine.invite({ roomId, sender, target: userId, content: {} });
      return;
    }
    case 'join':
      await server.engine.join({ roomId, userId, via: [host.name], content: {} });
      return;
    case 'leave':
      await server.engine.leave({ roomId, userId, content: {} });
      return;
    case 'kick':
    case 'unban':
      await moderate('leave');
      return;
    case 'ban':
      await moderate('ban');
  }
}
