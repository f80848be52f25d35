import { deadline, MatrixClient, WorkspaceProcess, writeNetworkFiles } from '@hansa/testkit';
import { expect, vi } from 'vitest';
import { Load } from './load.ts';

const PASSWORD = 'a password of tests';
export const SERVER_NAMES = ['harbour.example', 'lighthouse.example'] as const;
/** Requests that each person has under way at once. */
const LANES = 3;
const PATIENCE = { timeout: 30_000 };

interface Running {
  readonly process: WorkspaceProcess;
  readonly clientUrl: string;
}

export type Victim = 'the sender' | 'the receiver';

/** Two workspaces as `hansa start` runs them, two people at the first of them and one at the other. */
export class Pair {
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
    const places = await writeNetworkFiles({ folder, serverNames: SERVER_NAMES, databases });
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
    await cleo.join(`#${alias}:${SERVER_NAMES[0]}`);
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
  // What was not acknowledged any more, and is stored, is still on its way.
  await vi.waitFor(async () => expect(await stateOf(cleo)).toEqual(await stateOf(ada)), PATIENCE);
}
