import type { ServerName } from '@hansa/protocol';
import { Reader } from './clients/reader.ts';
import { SimulatedClient } from './clients/simulated-client.ts';
import { beginAttack } from './hostile/begin-attack.ts';
import { INVARIANTS } from './invariants/index.ts';
import type { Simulated } from './invariants/simulated.ts';
import { watchCommits, Watches } from './invariants/watches.ts';
import { NetworkFaults } from './network/network-faults.ts';
import { SimulatedNetwork } from './network/simulated-network.ts';
import type { Profile } from './profile.ts';
import { runUntilQuiet } from './run-until-quiet.ts';
import type { BreakServer } from './servers/break-server.ts';
import { SimulatedServer } from './servers/simulated-server.ts';
import type { Person } from './workload/person.ts';
import { Trouble } from './workload/trouble.ts';
import { Workload } from './workload/workload.ts';
import type { Draws } from './world/draws.ts';
import type { World } from './world/world.ts';

const NAMES = ['one', 'two', 'three', 'four', 'five'];
const SETTING_UP_MS = 600_000;

export interface SimulationParts {
  readonly world: World;
  readonly draws: Draws;
  readonly profile: Profile;
  readonly breakServer: BreakServer | undefined;
}

/** Servers, their people and the network between them, through the three parts of a run. */
export class Simulation {
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
  readonly #watches: Watches;
  /** Rooms that somebody was given otherwise than they are. */
  readonly #misled = new Set<string>();
  readonly #problems: string[] = [];
  #isHealing = false;

  constructor({ world, draws, profile, breakServer }: SimulationParts) {
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
    this.#watches = new Watches(network, (server) => server !== this.#hostile?.name);
    const report = (problem: string): void => void this.#problems.push(problem);
    const [people, servers] = [this.#people, this.#servers];
    this.#workload = new Workload({ world, people, draws, profile, report });
    const uploadAt = (server: string): void => this.#workload.uploadAt(server);
    this.#trouble = new Trouble({ world, network: faults, servers, draws, profile, uploadAt });
  }

  /** What broke an invariant, in words; `inspect` is shown what is there in the end. */
  async run(inspect?: (simulated: Simulated) => void): Promise<readonly string[]> {
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
    inspect?.(this.#look());
    return [
      ...broken,
      ...(await this.#check('in the end', INVARIANTS.ended)),
      ...(await this.#watches.faults()),
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
      watchCommits(server, this.#problems);
    }
    for (const { client } of this.#people) await client.register();
    for (const { reader } of this.#people) void reader.follow();
    await this.#workload.prepare();
  }

  /** From now to the healing, when it becomes as honest as the others but for what it never shows. */
  #attack(): void {
    if (this.#hostile === undefined) return;
    beginAttack({
      server: this.#hostile,
      victims: this.#honest().map(({ name }) => name),
      network: this.#network,
      world: this.#world,
      draws: this.#draws,
      lengthMs: this.#profile.lengthMs,
      rooms: this.#workload.known.rooms,
      isOver: () => this.#isHealing,
      misled: this.#misled,
      problems: this.#problems,
    });
  }

  #honest(): readonly SimulatedServer[] {
    return this.#servers.filter((server) => server !== this.#hostile);
  }

  async #quieten(): Promise<void> {
    await runUntilQuiet(this.#world, {
      servers: this.#honest(),
      network: this.#network,
      workload: this.#workload,
    });
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
      ledger: this.#watches.ledger,
      keys: new Map(this.#servers.map(({ name, key }) => [name, key])),
      hostile,
      misled: this.#misled,
    };
  }
}
