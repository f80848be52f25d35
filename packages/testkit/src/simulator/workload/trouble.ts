import type { NetworkFaults } from '../network/network-faults.ts';
import type { Profile } from '../profile.ts';
import type { SimulatedServer } from '../servers/simulated-server.ts';
import type { CrashPoint } from '../world/disk.ts';
import type { Draws } from '../world/draws.ts';
import type { World } from '../world/world.ts';

const CRASH_POINTS: readonly CrashPoint[] = [
  'before the commit',
  'after the commit, untold',
  'between commits',
  'between media writes',
];
const CUT_MS = [500, 5_000, 40_000];
const DOWN_MS = [10, 3_000, 30_000];
/** Those that change something on the disk. */
const STEPS_OF_A_FILE = 9;
/** Commits ahead, at most, that a crash is set for. */
const COMMITS_AHEAD = 6;
const WATCH_EVERY_MS = 500;

interface Troubled {
  readonly world: World;
  readonly network: NetworkFaults;
  readonly servers: readonly SimulatedServer[];
  readonly draws: Draws;
  readonly profile: Profile;
  /** Lets somebody send a file to a server, so that it has one to crash at. */
  readonly uploadAt: (server: string) => void;
}

/** Divides the network and crashes servers, at times that the seed sets; servers that are down come back. */
export class Trouble {
  readonly #troubled: Troubled;
  readonly #draws: Draws;
  #isOver = false;

  constructor(troubled: Troubled) {
    this.#troubled = troubled;
    this.#draws = troubled.draws.of('trouble');
  }

  begin(): void {
    const { world, profile } = this.#troubled;
    for (let n = 0; n < profile.cuts; n += 1) {
      world.after(this.#draws.below(profile.lengthMs), 'trouble: cut', () => this.#cut());
    }
    for (let n = 0; n < profile.crashes; n += 1) {
      world.after(this.#draws.below(profile.lengthMs), 'trouble: crash', () => this.#crash());
    }
    this.#revive();
  }

  /** No more of it from now on. */
  end(): void {
    this.#isOver = true;
    this.#troubled.network.end();
    for (const server of this.#troubled.servers) server.spare();
  }

  #cut(): void {
    if (this.#isOver) return;
    const { world, network, servers } = this.#troubled;
    const names = this.#draws.shuffled(servers.map(({ name }) => name));
    const split = this.#draws.between(1, names.length - 1);
    const isOneWay = this.#draws.chance(0.3);
    const pairs: (readonly [string, string])[] = [];
    for (const one of names.slice(0, split)) {
      for (const other of names.slice(split)) {
        pairs.push([one, other]);
        if (!isOneWay) pairs.push([other, one]);
      }
    }
    for (const [from, to] of pairs) network.cut(from, to);
    world.note(`apart: ${pairs.map((pair) => pair.join('→')).join(' ')}`);
    world.after(this.#draws.below(this.#draws.pick(CUT_MS)), 'together again', () => {
      for (const [from, to] of pairs) network.mend(from, to);
    });
  }

  #crash(): void {
    if (this.#isOver) return;
    const { servers, world, uploadAt } = this.#troubled;
    const server = this.#draws.pick(servers);
    if (!server.isUp) return;
    const kind = this.#draws.below(CRASH_POINTS.length + 2);
    const point = CRASH_POINTS[kind];
    if (point === 'between media writes') {
      server.crashAt(point, this.#draws.between(1, STEPS_OF_A_FILE));
      uploadAt(server.name);
    } else if (point !== undefined) server.crashAt(point, this.#draws.between(1, COMMITS_AHEAD));
    else if (kind === CRASH_POINTS.length) server.crash();
    else {
      world.note(`${server.name} is stopped`);
      void server.stop();
    }
  }

  /** Whoever is found down is started, some time later. */
  #revive(): void {
    const { world, servers } = this.#troubled;
    for (const server of servers) {
      if (!server.isDown || server.isAwaited) continue;
      server.isAwaited = true;
      const downMs = this.#isOver ? 0 : this.#draws.below(this.#draws.pick(DOWN_MS));
      world.after(downMs, `${server.name} starts`, () => {
        void server.start().finally(() => {
          server.isAwaited = false;
        });
      });
    }
    // Nobody goes down any more once all who were have come back.
    if (this.#isOver && servers.every(({ isUp }) => isUp)) return;
    world.after(WATCH_EVERY_MS, 'trouble: who is down', () => this.#revive());
  }
}
