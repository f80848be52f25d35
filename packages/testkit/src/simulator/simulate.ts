import type { RoomId, ServerName } from '@hansa/protocol';
import { Reader } from './clients/reader.ts';
import { SimulatedClient } from './clients/simulated-client.ts';
import { Attacker } from './hostile/attacker.ts';
import { createLiar } from './hostile/liar.ts';
import { AccessWatch } from './invariants/access-lists-hold.ts';
import { AnswerLedger } from './invariants/answers-are-kept.ts';
import { FileLedger, watchFiles } from './invariants/files-are-whole.ts';
import { INVARIANTS } from './invariants/index.ts';
import { Ledger } from './invariants/ledger.ts';
import { watchPositions } from './invariants/positions-only-grow.ts';
import type { Simulated } from './invariants/simulated.ts';
import { NetworkFaults } from './network/network-faults.ts';
import { SimulatedNetwork } from './network/simulated-network.ts';
import { drawProfile } from './profile.ts';
import type { Profile } from './profile.ts';
import type { BreakServer } from './servers/break-server.ts';
import { SimulatedServer } from './servers/simulated-server.ts';
import { isQuiet } from './quiet.ts';
import { Trouble } from './workload/trouble.ts';
import { Workload } from './workload/workload.ts';
import type { Person } from './workload/person.ts';
import { Draws } from './world/draws.ts';
import { Trace } from './world/trace.ts';
import { World } from './world/world.ts';

export interface SimulationOptions {
  /** Given each line of the trace. */
  readonly print?: (line: string) => void;
  /** Servers that are wrong on purpose. */
  readonly breakServer?: BreakServer;
  /** In place of what the seed says. */
  readonly profile?: Partial<Profile>;
  /** Shown what is there in the end. */
  readonly inspect?: (simulated: Simulated) => void;
}

export interface SimulationResult {
  readonly seed: number;
  /** Of all decisions. */
  readonly hash: string;
  /** What broke an invariant; empty where all hold. */
  readonly faults: readonly string[];
  readonly profile: Profile;
  /** Milliseconds of virtual time. */
  readonly lengthMs: number;
  readonly steps: number;
}

const NAMES = ['one', 'two', 'three', 'four', 'five'];
const SETTING_UP_MS = 600_000;
/** A staged event that nobody can complete is given up after a day. */
const HEALING_MS = 26 * 3_600_000;
const LOOK_EVERY_MS = 5_000;

/** Whole servers on virtual time, with every fault that the seed says, then without; and whether all holds that must. */
export async function simulate(
  seed: number,
  options: SimulationOptions = {},
): Promise<SimulationResult> {
  const trace = new Trace(options.print);
  const draws = new Draws(`seed ${seed}`);
  const profile = { ...drawProfile(draws), ...options.profile };
  trace.note(JSON.stringify(profile));
  const world = new World(draws, trace);
  const simulation = new Simulation(world, draws, profile, options);
  const faults = await simulation.run();
  for (const fault of faults) trace.note(`BROKEN ${fault}`);
  return { seed, hash: trace.digest, faults, profile, lengthMs: world.now, steps: world.steps };
}

class Simulation {
  readonly #world: World;
  readonly #draws: Draws;
  readonly #profile: Profile;
  readonly #network: SimulatedNetwork;
  readonly #servers: readonly SimulatedServer[];
  readonly #people: readonly Person[];
  /** The last of them, where one is. */
  readonly #hostile: SimulatedServer | undefined;
  readonly #workload: Workload;
  readonly #trouble: Trouble;
  readonly #ledger: Ledger;
  readonly #files = new FileLedger();
  readonly #answers: AnswerLedger;
  readonly #access: AccessWatch;
  readonly #inspect: SimulationOptions['inspect'];
  /** Rooms that somebody was given otherwise than they are. */
  readonly #misled = new Set<string>();
  readonly #problems: string[] = [];
  #isHealing = false;

  constructor(
    world: World,
    draws: Draws,
    profile: Profile,
    { breakServer, inspect }: SimulationOptions,
  ) {
    this.#inspect = inspect;
    this.#world = world;
    this.#draws = draws;
    this.#profile = profile;
    const faults = new NetworkFaults(draws.of('network'), profile.odds);
    const network = new SimulatedNetwork(world, faults);
    this.#network = network;
    this.#servers = NAMES.slice(0, profile.servers).map(
      (name) =>
        new SimulatedServer(`${name}.test` as ServerName, {
          world,
          draws: draws.of('servers'),
          faults: profile.faults,
          transportOf: (from, lifetime) => network.transportOf(from, lifetime),
          breakServer,
        }),
    );
    for (const server of this.#servers) network.servers.set(server.name, server);
    this.#people = this.#servers.flatMap((server) => this.#peopleOf(server));
    this.#hostile = profile.hasHostile ? this.#servers.at(-1) : undefined;
    const isHonest = (server: string): boolean => server !== this.#hostile?.name;
    this.#ledger = new Ledger(network, isHonest);
    this.#access = new AccessWatch(network, isHonest);
    network.watch(this.#access);
    network.watch(this.#ledger);
    network.watch(this.#files);
    this.#answers = new AnswerLedger(network);
    network.watch(this.#answers);
    const report = (problem: string): void => void this.#problems.push(problem);
    const [people, servers] = [this.#people, this.#servers];
    this.#workload = new Workload({ world, people, draws, profile, report });
    const uploadAt = (server: string): void => this.#workload.uploadAt(server);
    this.#trouble = new Trouble({ world, network: faults, servers, draws, profile, uploadAt });
  }

  async run(): Promise<readonly string[]> {
    const world = this.#world;
    await world.drive(this.#setUp(), SETTING_UP_MS, 'setting up');
    world.note('── trouble');
    this.#network.faults.begin();
    this.#trouble.begin();
    this.#workload.begin();
    this.#attack();
    await world.runUntil(world.now + this.#profile.lengthMs);
    world.note('── healing');
    this.#isHealing = true;
    this.#trouble.end();
    for (const { reader } of this.#people) reader.stop();
    await this.#quieten();
    const broken = await this.#check('when all had healed', INVARIANTS.healed);
    // Who came in meanwhile is to know it, and to speak too.
    await world.drive(this.#lastLook(), SETTING_UP_MS, 'the look before');
    await world.drive(this.#workload.closingWords(), SETTING_UP_MS, 'closing words');
    const seekers = this.#honest().map(({ name }) => this.#personOf(name));
    const lost = await world.drive(this.#workload.findAll(seekers), SETTING_UP_MS, 'finding all');
    this.#problems.push(...lost);
    await this.#quieten();
    await world.drive(this.#lastLook(), SETTING_UP_MS, 'the last look');
    this.#inspect?.(this.#look());
    return [
      ...broken,
      ...(await this.#check('in the end', INVARIANTS.ended)),
      ...this.#files.faults,
      ...this.#answers.faults,
      ...(await this.#access.faults()),
      ...this.#problems,
    ];
  }

  #peopleOf(server: SimulatedServer): readonly Person[] {
    const [world, network] = [this.#world, this.#network];
    return Array.from({ length: this.#profile.peopleEach }, (_, n) => {
      const userId = server.user(`u${n}`);
      const client = new SimulatedClient(userId, server.name, { network, world });
      return { client, reader: new Reader(client, world, this.#draws.of(`reader ${userId}`)) };
    });
  }

  #personOf(server: ServerName): Person {
    const person = this.#people.find(({ client }) => client.server === server);
    if (person === undefined) throw new Error(`nobody has an account at ${server}`);
    return person;
  }

  async #setUp(): Promise<void> {
    for (const server of this.#servers) {
      await server.start();
      watchPositions(server, this.#problems);
      watchFiles(server, this.#problems);
    }
    for (const { client } of this.#people) await client.register();
    for (const { reader } of this.#people) void reader.follow();
    await this.#workload.prepare();
  }

  /** From now to the healing, when it becomes as honest as the others but for what it never shows. */
  #attack(): void {
    const [server, network, world, draws] = [
      this.#hostile,
      this.#network,
      this.#world,
      this.#draws,
    ];
    if (server === undefined) return;
    const victims = this.#honest().map(({ name }) => name);
    const attacker = new Attacker({ server, victims, network, world, draws });
    network.impostors.set(
      server.name,
      createLiar(draws.of('liar'), {
        isLying: () => !this.#isHealing,
        mislead: (name, roomId) => {
          world.note(`hostile: misleads ${name} about ${roomId}`);
          this.#misled.add(roomId);
        },
      }),
    );
    const times = draws.of('attacks');
    for (let n = times.between(3, 15); n > 0; n -= 1) {
      world.after(times.below(this.#profile.lengthMs), 'hostile: strikes', () => {
        const { roomId } = times.pick(this.#workload.known.rooms);
        attacker.strike(roomId as RoomId).catch((error: unknown) => {
          if (!server.isDown) this.#problems.push(`the attacker failed: ${String(error)}`);
        });
      });
    }
  }

  #honest(): readonly SimulatedServer[] {
    return this.#servers.filter((server) => server !== this.#hostile);
  }

  async #quieten(): Promise<void> {
    const world = this.#world;
    const end = world.now + HEALING_MS;
    const state = { servers: this.#honest(), network: this.#network, workload: this.#workload };
    while (world.now < end && !isQuiet(state)) {
      // Whatever waits long waits for a retry: the longer it took so far, the rarer a look is worth its time.
      const past = world.now - (end - HEALING_MS);
      await world.runUntil(world.now + Math.max(LOOK_EVERY_MS, past / 10));
    }
    await world.runUntil(world.now + LOOK_EVERY_MS);
  }

  async #lastLook(): Promise<void> {
    for (const { reader } of this.#people) {
      for (let looks = 0; looks < 3; looks += 1) await reader.sync(0);
    }
  }

  async #check(when: string, invariants: typeof INVARIANTS.ended): Promise<readonly string[]> {
    const simulated = this.#look();
    const broken: string[] = [];
    for (const [name, invariant] of Object.entries(invariants)) {
      for (const fault of await invariant(simulated)) broken.push(`${name}, ${when}: ${fault}`);
    }
    return broken;
  }

  #look(): Simulated {
    const hostile = this.#hostile?.name;
    return {
      servers: this.#honest(),
      everybody: this.#servers,
      people: this.#people.filter(({ client }) => client.server !== hostile),
      ledger: this.#ledger,
      keys: new Map(this.#servers.map(({ name, key }) => [name, key])),
      hostile,
      misled: this.#misled,
    };
  }
}
