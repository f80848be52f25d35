import type { Transport } from '@hansa/net';
import { createSigningKey } from '@hansa/protocol';
import type { ServerName, SigningKey, UserId } from '@hansa/protocol';
import { openSqliteStore } from '@hansa/storage';
import type { Store } from '@hansa/storage';
import { createContext } from '@hansa/workspace';
import type { Context } from '@hansa/workspace';
import { VirtualMediaDisk } from '../../virtual-media-disk.ts';
import { SimulatedDisk } from '../world/disk.ts';
import type { CrashPoint } from '../world/disk.ts';
import type { Draws } from '../world/draws.ts';
import { BEGIN, effectsOf, Lifetime } from '../world/lifetime.ts';
import { mediaDiskOf } from '../world/media-disk-of.ts';
import type { World } from '../world/world.ts';
import type { BreakServer } from './break-server.ts';
import { configuration } from './configuration.ts';
import { openFaces } from './faces.ts';
import type { Faces } from './faces.ts';

/** How unkind a seed is to its servers. */
export interface ServerFaults {
  /** Longest time that a commit takes. */
  readonly commitMs: number;
  readonly skewMs: number;
  readonly tickMs: number;
  readonly reverseUnorderedSelects: boolean;
}

interface Surroundings {
  readonly world: World;
  readonly draws: Draws;
  readonly faults: ServerFaults;
  readonly transportOf: (server: ServerName, lifetime: Lifetime) => Transport;
  /** For variants that are broken on purpose. */
  readonly breakServer?: BreakServer | undefined;
}

interface Run {
  readonly lifetime: Lifetime;
  readonly store: Store;
  readonly context: Context;
  readonly faces: Faces;
}

/** A whole server: all that a workspace is made of, on a disk that outlives it. */
export class SimulatedServer {
  readonly name: ServerName;
  readonly key: SigningKey;
  readonly disk = new SimulatedDisk();
  readonly mediaDisk: VirtualMediaDisk;
  /** What should not happen whatever others do: errors in its log, in order. */
  readonly problems: string[] = [];
  /** Somebody is about to start it. */
  isAwaited = false;
  readonly #around: Surroundings;
  readonly #draws: Draws;
  #runs = 0;
  #run: Run | undefined;
  #starting: Lifetime | undefined;
  #stopping: Run | undefined;
  #crash: { readonly point: CrashPoint; commits: number } | undefined;

  constructor(name: ServerName, around: Surroundings) {
    this.name = name;
    this.mediaDisk = new VirtualMediaDisk({ now: () => BEGIN + around.world.now });
    this.#around = around;
    this.#draws = around.draws.of(name);
    this.key = createSigningKey('1', this.#draws.of('key').bytes(32));
    if (around.faults.reverseUnorderedSelects) this.disk.reverseUnorderedSelects();
  }

  /** Undefined while it is down, and while it ends what is under way. */
  get faces(): Faces | undefined {
    return this.isUp ? this.#run?.faces : undefined;
  }

  get lifetime(): Lifetime | undefined {
    return this.#run?.lifetime;
  }

  /** Of the present run. */
  get store(): Store {
    if (this.#run === undefined) throw new Error(`${this.name} is down`);
    return this.#run.store;
  }

  user(localpart: string): UserId {
    return `@${localpart}:${this.name}` as UserId;
  }

  /** Resolves when it listens; never, where it crashes before that. */
  async start(): Promise<void> {
    const { world, faults, transportOf, breakServer } = this.#around;
    this.#runs += 1;
    const lifetime = new Lifetime(`${this.name}#${this.#runs}`);
    this.#starting = lifetime;
    const draws = this.#draws.of(`run ${this.#runs}`);
    // A process may end alone, or the machine with it.
    if (draws.of('power').chance(0.5)) lifetime.onEnd(() => this.mediaDisk.restart());
    const { skewMs, tickMs } = faults;
    const clock = { skewMs: draws.between(-skewMs, skewMs), tickMs };
    const effects = effectsOf(world, lifetime, draws.of('effects'), clock);
    const report = (problem: string, cause: unknown): void =>
      this.#report(lifetime, problem, cause);
    const commits = draws.of('commits');
    const opened = await openSqliteStore(
      this.disk.openFor(lifetime, {
        reach: (point) => this.#reach(lifetime, point),
        crashSoon: () => void world.after(0, `${lifetime.name} crashes`, () => this.crash()),
      }),
      {
        schedule(flush) {
          world.after(commits.below(faults.commitMs + 1), `${lifetime.name} commit`, () => {
            if (lifetime.alive) flush();
          });
        },
        report,
        newIncarnation: this.#draws.of('incarnation').below(1e9).toString(36),
      },
    );
    const store = breakServer?.store?.(opened, world) ?? opened;
    const faces = openFaces(lifetime);
    const mediaDisk = mediaDiskOf(this.mediaDisk, lifetime, () =>
      this.#reach(lifetime, 'between media writes'),
    );
    const quiet = (): void => {};
    const context = createContext({
      installation: configuration(this.name),
      signingKey: this.key,
      store,
      mediaDisk: breakServer?.mediaDisk?.(mediaDisk) ?? mediaDisk,
      startPictureProcess: () => {
        throw new Error('nobody asks for thumbnails here');
      },
      effects,
      log: {
        debug: quiet,
        info: quiet,
        warn: quiet,
        error: (fields, message) => {
          report(message, (fields as { readonly err?: unknown }).err);
        },
      },
      surroundings: {
        transport: transportOf(this.name, lifetime),
        passwords: {
          hash: async (password) => `plain ${password}`,
          verify: async (hash, password) => hash === `plain ${password}`,
        },
        listen: faces.listen,
      },
    });
    await context.start();
    lifetime.require();
    this.#run = { lifetime, store, context, faces };
    this.#starting = undefined;
  }

  /** Ends at once: what was not committed is gone, and nobody is told anything. */
  crash(): void {
    const lifetime = this.#run?.lifetime ?? this.#starting;
    if (lifetime === undefined) return;
    this.#around.world.note(`${lifetime.name} is gone`);
    this.#run = undefined;
    this.#starting = undefined;
    this.#crash = undefined;
    lifetime.end();
  }

  /** Crashes at this point of the n-th commit from now. */
  crashAt(point: CrashPoint, commits: number): void {
    this.#crash = { point, commits };
  }

  /** No crash is set for it any more. */
  spare(): void {
    this.#crash = undefined;
  }

  get isDown(): boolean {
    return this.#run === undefined;
  }

  /** Up, and not about to go down. */
  get isUp(): boolean {
    return this.#run !== undefined && this.#run !== this.#stopping;
  }

  /** As somebody who operates it would: what is under way is finished. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run === undefined || this.#stopping === run) return;
    this.#stopping = run;
    await run.context.stop();
    if (!run.lifetime.alive) return;
    await run.store.close();
    this.crash();
  }

  #reach(lifetime: Lifetime, point: CrashPoint): boolean {
    const crash = this.#crash;
    if (crash?.point !== point || this.#run?.lifetime !== lifetime) return false;
    crash.commits -= 1;
    if (crash.commits > 0) return false;
    this.#crash = undefined;
    this.#around.world.note(`${lifetime.name} crashes ${point}`);
    // Whoever is told of the end finds it down.
    if (point !== 'between commits') this.#run = undefined;
    return true;
  }

  #report(lifetime: Lifetime, problem: string, cause: unknown): void {
    if (!lifetime.alive) return;
    const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    this.problems.push(`${lifetime.name}: ${problem}: ${stack}`);
  }
}
