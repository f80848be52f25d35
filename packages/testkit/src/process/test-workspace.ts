import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Effects } from '@hansa/net';
import type { Workspace } from '@hansa/workspace';
import { loadClientContract } from '../client/client-contract.ts';
import type { WatchExchange } from '../client/exchange.ts';
import { HttpSession } from '../client/http-session.ts';
import { MatrixClient } from '../client/matrix-client.ts';
import type { NetworkPlace } from '../network/network-files.ts';
import { writeWorkspaceFiles, type WorkspaceSettings } from './workspace-files.ts';

export interface TestWorkspaceSettings {
  readonly serverName?: string;
  readonly registration?: 'open' | 'closed';
  readonly registrationSharedSecret?: string;
  /** Of PostgreSQL; a file unless given. */
  readonly database?: string | undefined;
  readonly publicUrl?: string;
  readonly defaultRoomVersion?: string;
  readonly media?: WorkspaceSettings['media'];
  readonly effects?: Effects;
}

/** Of everybody who is registered by these. */
export const TEST_PASSWORD = 'a password of tests';

/**
 * A workspace in this process, on real sockets and a database of its own. What its clients say and hear is held
 * against the specification's contract, without any test thinking of it.
 */
export class TestWorkspace implements AsyncDisposable {
  readonly serverName: string;
  /** Holds all of its files. */
  readonly folder: string;
  readonly #configFile: string;
  /** The folder goes with it. */
  readonly #isAlone: boolean;
  readonly #effects: Effects | undefined;
  readonly #watch: WatchExchange | undefined;
  #workspace: Workspace | undefined;
  #people = 0;

  private constructor(parts: {
    readonly serverName: string;
    readonly configFile: string;
    readonly watch: WatchExchange | undefined;
    readonly isAlone: boolean;
    readonly effects?: Effects | undefined;
  }) {
    this.serverName = parts.serverName;
    this.#configFile = parts.configFile;
    this.#watch = parts.watch;
    this.folder = dirname(parts.configFile);
    this.#isAlone = parts.isAlone;
    this.#effects = parts.effects;
  }

  /** One alone, which runs when it resolves. */
  static async start(settings: TestWorkspaceSettings = {}): Promise<TestWorkspace> {
    const { serverName = 'harbour.example', effects, ...more } = settings;
    const folder = await mkdtemp(join(tmpdir(), 'hansa-workspace-'));
    const files = { ...more, folder, serverName, logLevel: 'error' as const };
    const configFile = await writeWorkspaceFiles(files);
    const watch = await loadClientContract();
    const workspace = new TestWorkspace({
      serverName,
      configFile,
      watch,
      isAlone: true,
      effects,
    });
    try {
      await workspace.resume();
    } catch (error) {
      await workspace[Symbol.asyncDispose]();
      throw error;
    }
    return workspace;
  }

  /** One of a network, which does not run before `resume`. */
  static async at({ serverName, configFile }: NetworkPlace): Promise<TestWorkspace> {
    const watch = await loadClientContract();
    return new TestWorkspace({ serverName, configFile, watch, isAlone: false });
  }

  get clientUrl(): string {
    return this.#running().clientUrl;
  }

  get federationUrl(): string {
    return this.#running().federationUrl;
  }

  /** Requests without an access token. */
  get nobody(): HttpSession {
    return this.session();
  }

  session(accessToken?: string): HttpSession {
    return new HttpSession(this.clientUrl, accessToken, this.#watch);
  }

  /** New persons, each on a first device, with a number behind the name so that every test has its own. */
  async people<const Names extends readonly string[]>(
    ...names: Names
  ): Promise<{ readonly [Index in keyof Names]: MatrixClient }> {
    this.#people += 1;
    const number = this.#people;
    const clients = await Promise.all(names.map((name) => this.register(`${name}-${number}`)));
    return clients as { readonly [Index in keyof Names]: MatrixClient };
  }

  /** A new person, on a first device. */
  register(name: string): Promise<MatrixClient> {
    return MatrixClient.register(this.clientUrl, name, TEST_PASSWORD, this.#watch);
  }

  /** A further device of somebody who was registered here. */
  logIn({ userId }: Pick<MatrixClient, 'userId'>): Promise<MatrixClient> {
    return MatrixClient.logIn(this.clientUrl, userId, TEST_PASSWORD, this.#watch);
  }

  /** Ends it; what it stored stays. */
  async stop(): Promise<void> {
    const workspace = this.#workspace;
    this.#workspace = undefined;
    await workspace?.[Symbol.asyncDispose]();
  }

  /** Starts it, again on what is stored; on other ports, where the system chooses them. */
  async resume(): Promise<void> {
    // Loaded by the tests that start one; all others would pay for it too.
    const { startWorkspace } = await import('@hansa/workspace');
    this.#workspace = await startWorkspace(
      this.#configFile,
      this.#effects === undefined ? {} : { effects: this.#effects },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    if (this.#isAlone) await rm(this.folder, { recursive: true, force: true });
  }

  #running(): Workspace {
    if (this.#workspace === undefined) throw new Error(`${this.serverName} is not running`);
    return this.#workspace;
  }
}
