import { RemoteServerError } from '@hansa/net';
import type { RoomId, RoomVersionId } from '@hansa/protocol';
import { propertyParameters, slowRuns } from '@hansa/protocol/testing/runs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MatrixError } from '../matrix-error.ts';
import { roomCreation, say, setState, stateOf } from './testing/rooms.ts';
import { TestNetwork } from './testing/test-network.ts';
import type { TestServer } from './testing/test-server.ts';

/** A case is a network of servers. */
const CASES_IN_TEST = 10;
/** Ten cases take seconds; those of the long run end by its own time. */
const TIMEOUT_MS = process.env['HANSA_PROPERTY_SECONDS'] === undefined ? 120_000 : 0;

const ACTIONS = ['say', 'name', 'topic', 'kick', 'ban', 'unban', 'join', 'leave', 'power'] as const;
type Action = (typeof ACTIONS)[number];

type Step =
  | { readonly do: 'act'; readonly who: number; readonly what: Action; readonly whom: number }
  | { readonly do: 'cut'; readonly from: number; readonly to: number }
  | { readonly do: 'heal' }
  | { readonly do: 'settle' }
  | { readonly do: 'restart'; readonly who: number };

const act = (who: number, what: Action, whom: number): Step => ({ do: 'act', who, what, whom });

const person = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      who: person,
      what: fc.constantFrom(...ACTIONS),
      whom: person,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('cut' as const), from: person, to: person }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('heal' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), who: person }) },
);

interface World {
  readonly network: TestNetwork;
  readonly servers: readonly TestServer[];
  readonly roomId: RoomId;
}

const NAMES = ['one.example', 'two.example', 'three.example'];

async function begin(version: RoomVersionId): Promise<World> {
  const network = new TestNetwork();
  const servers: TestServer[] = [];
  for (const name of NAMES) servers.push(await network.addServer(name));
  const [one] = servers;
  if (one === undefined) throw new Error('no servers');
  const users = Object.fromEntries(servers.slice(1).map((server) => [server.user('u'), 50]));
  const creator = version === '12' ? {} : { [one.user('u')]: 100 };
  const powerLevels = { users: { ...users, ...creator } };
  const roomId = await one.engine.createRoom(roomCreation(one.user('u'), { version, powerLevels }));
  for (const server of servers.slice(1)) {
    await server.engine.join({ roomId, userId: server.user('u'), via: [one.name], content: {} });
    await network.settle();
  }
  return { network, servers, roomId };
}

/** What is refused is refused; anything else that goes wrong is a bug. */
async function tolerant(action: Promise<unknown>): Promise<void> {
  try {
    await action;
  } catch (error) {
    if (!(error instanceof MatrixError) && !(error instanceof RemoteServerError)) throw error;
  }
}

async function take({ network, servers, roomId }: World, step: Step): Promise<void> {
  switch (step.do) {
    case 'act':
      return tolerant(perform({ network, servers, roomId }, step));
    case 'cut':
      network.cut.add(`${NAMES[step.from] ?? ''} ${NAMES[step.to] ?? ''}`);
      return;
    case 'heal':
      network.cut.clear();
      return;
    case 'settle':
      return network.settle();
    case 'restart':
      return servers[step.who]?.restart();
  }
}

async function perform(
  { servers, roomId }: World,
  { who, what, whom }: Extract<Step, { readonly do: 'act' }>,
): Promise<unknown> {
  const server = servers[who];
  const other = servers[whom];
  if (server === undefined || other === undefined) return undefined;
  const target = other.user('u');
  const member = (membership: string) =>
    setState(server, roomId, 'u', 'm.room.member', { membership }, target);
  switch (what) {
    case 'say':
      return say(server, roomId, 'u', 'something');
    case 'name':
      return setState(server, roomId, 'u', 'm.room.name', { name: `by ${who} of ${whom}` });
    case 'topic':
      return setState(server, roomId, 'u', 'm.room.topic', { topic: `by ${who} of ${whom}` });
    case 'kick':
    case 'unban':
      return who === whom ? undefined : member('leave');
    case 'ban':
      return member('ban');
    case 'join':
      return server.engine.join({
        roomId,
        userId: server.user('u'),
        via: servers.map(({ name }) => name),
        content: {},
      });
    case 'leave':
      return server.engine.leave({ roomId, userId: server.user('u'), content: {} });
    case 'power': {
      const state = await server.views.currentState(roomId);
      const levels = (await state.find('m.room.power_levels', ''))?.content ?? {};
      const users = { ...(levels['users'] as object), [target]: whom * 25 };
      return setState(server, roomId, 'u', 'm.room.power_levels', { ...levels, users });
    }
  }
}

/** Everything arrives, and everybody says something, so that the ends meet. */
async function heal(world: World): Promise<void> {
  const { network, servers, roomId } = world;
  network.cut.clear();
  for (let round = 0; round < 3; round += 1) {
    await network.settle();
    network.time.advance(5_000);
    await network.idle();
    for (const server of servers) {
      await tolerant(say(server, roomId, 'u', `end ${round}`));
      await network.settle();
    }
  }
}

async function expectConvergence(version: RoomVersionId, steps: readonly Step[]): Promise<void> {
  const world = await begin(version);
  try {
    for (const each of steps) await take(world, each);
    await heal(world);
    await expectAgreement(world);
  } finally {
    for (const server of world.servers) server.problems.splice(0);
    await world.network.close();
  }
}

describe.each<RoomVersionId>(['6', '11', '12'])('rooms of version %s', (version) => {
  it('converge, whatever people do while servers are apart', { timeout: TIMEOUT_MS }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) =>
        expectConvergence(version, steps),
      ),
      propertyParameters(slowRuns(CASES_IN_TEST)),
    );
  });

  // Seed 281338965. Each server that is asked begins a segment; what was known of tips in the first held for the second.
  it('converge when somebody comes back by one server after the other', async () => {
    await expectConvergence(version, [
      act(0, 'power', 0),
      act(0, 'leave', 0),
      act(0, 'join', 0),
      { do: 'settle' },
    ]);
  });

  // Seed 286392281. By the kick the other server held that he had left, and so to have heard of his leave.
  it('converge when somebody leaves who is kicked meanwhile, and comes back', async () => {
    await expectConvergence(version, [
      act(0, 'kick', 1),
      act(1, 'leave', 0),
      act(1, 'join', 0),
      act(1, 'power', 1),
      act(0, 'kick', 2),
    ]);
  });

  // Seed 299357904. The server of who was banned took itself to be in the room: it was out when the ban was sent.
  it('converge when somebody comes back who is banned meanwhile, by a server that has not heard of it', async () => {
    await expectConvergence(version, [
      act(0, 'kick', 2),
      act(2, 'leave', 0),
      act(0, 'ban', 2),
      act(2, 'join', 0),
    ]);
  });
});

/** Those that are in the room agree on its state, and hold no work back. */
async function expectAgreement({ servers, roomId }: World): Promise<void> {
  const states: Readonly<Record<string, string>>[] = [];
  for (const server of servers) {
    if ((await server.views.findRoom(roomId))?.residence !== 'joined') continue;
    states.push(await stateOf(server, roomId));
    expect(await server.store.readers.stage.count(roomId)).toBe(0);
    const joined = await server.views.joinedUsers(roomId);
    const state = await server.views.currentState(roomId);
    const members = await state.list('m.room.member');
    expect([...joined]).toEqual(
      members
        .filter(({ content }) => content['membership'] === 'join')
        .map(({ stateKey }) => stateKey)
        .toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1)),
    );
  }
  for (const state of states) expect(state).toEqual(states[0]);
  await expectSameStatesBefore(servers, roomId);
}

/** An event has one state before it, wherever it is looked at. */
async function expectSameStatesBefore(
  servers: readonly TestServer[],
  roomId: RoomId,
): Promise<void> {
  const first = new Map<string, readonly string[]>();
  const from = Number.MIN_SAFE_INTEGER;
  for (const { views } of servers) {
    const events = await views.timeline({ roomId, direction: 'forward', from, limit: 500 });
    for (const { pdu } of events) {
      const before = await (await views.stateBefore(roomId, pdu.eventId)).list();
      const ids = before.map(({ eventId }) => eventId).toSorted((a, b) => (a < b ? -1 : 1));
      expect(ids).toEqual(first.get(pdu.eventId) ?? ids);
      first.set(pdu.eventId, ids);
    }
  }
}
