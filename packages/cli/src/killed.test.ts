import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killRuns, propertyParameters } from '@hansa/protocol/testing/runs';
import { findPostgres, PostgresCluster } from '@hansa/storage/testing/postgres-cluster';
import {
  ClientError,
  deadline,
  MatrixClient,
  WorkspaceProcess,
  writeNetworkFiles,
} from '@hansa/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Load } from './testing/load.ts';

const PASSWORD = 'a password of tests';
const NAMES = ['harbour.example', 'lighthouse.example'] as const;
const LANES = 3;
const MAX_AFTER = 30;
const programs = findPostgres();
/** Bounds against a hang: a kill takes some seconds. */
const PATIENCE_MS = 300_000;

interface Running {
  readonly process: WorkspaceProcess;
  readonly clientUrl: string;
}

type Victim = 'the sender' | 'the receiver';

/** Two workspaces as `hansa start` runs them, two people at the first of them and one at the other. */
class Pair {
  readonly harbour: Running;
  readonly lighthouse: Running;
  readonly #people: readonly [ada: MatrixClient, bob: MatrixClient, cleo: MatrixClient];
  #rooms = 0;
  #underWay: Promise<unknown> = Promise.resolve();

  private constructor(running: readonly [Running, Running], people: Pair['people']) {
    [this.harbour, this.lighthouse] = running;
    this.#people = people;
  }

  static async start(folder: string, databases: readonly string[] = []): Promise<Pair> {
    const places = await writeNetworkFiles({ folder, serverNames: NAMES, databases });
    const running: Running[] = [];
    for (const { clientUrl, configFile } of places) {
      running.push({ process: await WorkspaceProcess.start(configFile), clientUrl });
    }
    const [harbour, lighthouse] = running;
    if (harbour === undefined || lighthouse === undefined) throw new Error('two were started');
    const ada = await MatrixClient.register(harbour.clientUrl, 'ada', PASSWORD);
    const bob = await MatrixClient.register(harbour.clientUrl, 'bob', PASSWORD);
    const cleo = await MatrixClient.register(lighthouse.clientUrl, 'cleo', PASSWORD);
    return new Pair([harbour, lighthouse], [ada, bob, cleo]);
  }

  get people(): readonly [ada: MatrixClient, bob: MatrixClient, cleo: MatrixClient] {
    return this.#people;
  }

  processOf(victim: Victim): WorkspaceProcess {
    return (victim === 'the sender' ? this.harbour : this.lighthouse).process;
  }

  /** One after the other: what a property has begun when its time ends goes on without anybody waiting for it. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#underWay.then(work);
    this.#underWay = turn.catch(() => {});
    return turn;
  }

  /**
   * Everybody sends into a new room, and `interrupt` happens in the middle of it. Afterwards each server has all that either
   * has acknowledged, once; tokens and transaction ids from before hold.
   */
  async expectNothingLost(after: number, interrupt: () => Promise<void>): Promise<Load> {
    const [ada, bob, cleo] = this.#people;
    this.#rooms += 1;
    const alias = `market-${this.#rooms}`;
    const room = await ada.createRoom({ preset: 'public_chat', room_alias_name: alias });
    // Whoever is here may set state, so that it is changed on both sides while they are apart.
    await ada.setState(room, 'm.room.power_levels', {
      users: (await isOfVersion12(ada, room)) ? {} : { [ada.userId]: 100 },
      state_default: 0,
    });
    await bob.join(room);
    await cleo.join(`#${alias}:${NAMES[0]}`);
    await cleo.until(
      (who) => who.room(room).state('m.room.power_levels')?.content['state_default'] === 0,
      deadline('the power levels'),
    );
    const tokens = await Promise.all(
      [ada, cleo].map(async (who) => ({ who, since: (await who.sync()).next_batch })),
    );
    const load = new Load(room, alias);
    const senders = [ada, bob, cleo].map((who) => ({ who, lanes: LANES }));
    await load.run(senders, { after, interrupt });
    const acknowledged = new Set(load.acknowledged);
    expect(acknowledged.size).toBeGreaterThanOrEqual(after);

    await load.sendAgain();
    await expectOnBoth(this.#people, room, load);
    for (const { who, since } of tokens) {
      const filter = { room: { timeline: { limit: 1_000 } } };
      const { rooms } = await who.sync({ since, filter });
      const { timeline } = rooms?.join?.[room] ?? {};
      const ids = (timeline?.events ?? []).map(({ event_id: eventId }) => eventId);
      expect(timeline?.limited).toBe(false);
      expect(new Set(ids).size).toBe(ids.length);
      expect(acknowledged.isSubsetOf(new Set(ids))).toBe(true);
    }
    return load;
  }

  async stop(): Promise<void> {
    await this.#underWay;
    for (const { process } of [this.harbour, this.lighthouse]) await process.stop();
  }
}

/** The creators of such a room stand above all power levels, and may not be named in them. */
async function isOfVersion12(who: MatrixClient, room: string): Promise<boolean> {
  const create = (await who.state(room)).find(({ type }) => type === 'm.room.create');
  return create?.content['room_version'] === '12';
}

async function expectOnBoth(
  people: readonly MatrixClient[],
  room: string,
  load: Load,
): Promise<void> {
  const all = new Set(load.acknowledged);
  for (const person of people) {
    const seen = () => person.room(room).timeline.map(({ event_id: eventId }) => eventId);
    await person.until(
      () => all.isSubsetOf(new Set(seen())),
      deadline('everything that was acknowledged'),
    );
    expect(new Set(seen()).size).toBe(seen().length);
    const bodies = person
      .room(room)
      .bodies()
      .filter((body) => typeof body === 'string');
    expect(new Set(bodies).size).toBe(bodies.length);
  }
  const [ada, , cleo] = people;
  if (ada === undefined || cleo === undefined) throw new Error('three are there');
  const stateOf = async (who: MatrixClient) =>
    (await who.state(room)).map(({ event_id: eventId }) => eventId);
  expect(await stateOf(cleo)).toEqual(await stateOf(ada));
}

/** Kills it, and starts it again when whoever was talking to it has noticed. */
async function killUnderLoad(pair: Pair, victim: Victim, after: number): Promise<void> {
  const process = pair.processOf(victim);
  const load = await pair.expectNothingLost(after, async () => {
    await process.kill();
    await process.resume();
  });
  // Nobody was refused: connections ended, and the server that was not killed did not mind.
  for (const [userId, failure] of load.failures) {
    expect(failure).not.toBeInstanceOf(ClientError);
    expect(userId.endsWith(victim === 'the sender' ? NAMES[0] : NAMES[1])).toBe(true);
  }
}

const kills = fc.record({
  victim: fc.constantFrom<Victim>('the sender', 'the receiver'),
  after: fc.integer({ min: 1, max: MAX_AFTER }),
});

describe('a workspace on SQLite that is killed while everybody sends', () => {
  let folder: string;
  let pair: Pair;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hansa-killed-'));
    pair = await Pair.start(folder);
  });
  afterAll(async () => {
    await pair.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'has kept all that it acknowledged, once, and so have the others',
    async () => {
      await fc.assert(
        fc.asyncProperty(kills, ({ victim, after }) =>
          pair.inTurn(() => killUnderLoad(pair, victim, after)),
        ),
        { ...propertyParameters(killRuns(6)), endOnFailure: true },
      );
    },
    PATIENCE_MS,
  );

  it('or stopped has kept all that it acknowledged, once, and so have the others', async () => {
    const { process } = pair.harbour;
    const stop = async (): Promise<void> => {
      await process.stop();
      await process.resume();
    };
    await pair.inTurn(() => pair.expectNothingLost(MAX_AFTER, stop));
  });
});

describe.skipIf(programs === undefined)('a workspace on PostgreSQL', () => {
  let folder: string;
  let cluster: PostgresCluster;
  let databases: readonly [string, string];
  let pair: Pair;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hansa-killed-'));
    cluster = await PostgresCluster.start(programs ?? '');
    databases = [await cluster.createDatabase(), await cluster.createDatabase()];
    pair = await Pair.start(folder, databases);
  });
  afterAll(async () => {
    await pair.stop();
    await cluster[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'that is killed while everybody sends has kept all that it acknowledged, once, and so have the others',
    async () => {
      await fc.assert(
        fc.asyncProperty(kills, ({ victim, after }) =>
          pair.inTurn(() => killUnderLoad(pair, victim, after)),
        ),
        { ...propertyParameters(killRuns(2)), endOnFailure: true },
      );
    },
    PATIENCE_MS,
  );

  it(
    'that loses its writing connection while everybody sends refuses nobody, and has kept all, once',
    async () => {
      const cut = async (): Promise<void> => {
        const writer = await cluster.findWriter(databases[0]);
        expect(writer).toBeDefined();
        await cluster.query(databases[0], 'SELECT pg_terminate_backend($1)', [writer]);
      };
      const load = await pair.inTurn(() => pair.expectNothingLost(MAX_AFTER, cut));
      expect([...load.failures]).toEqual([]);
    },
    PATIENCE_MS,
  );
});
