import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effects } from '@hansa/net';
import type { Workspace } from '@hansa/workspace';
import { loadClientContract } from '../client/client-contract.ts';
import type { WatchExchange } from '../client/exchange.ts';
import { HttpSession } from '../client/http-session.ts';
import { MatrixClient } from '../client/matrix-client.ts';

export interface TestWorkspaceSettings {
  readonly serverName?: string;
  readonly registration?: 'open' | 'closed';
  readonly publicUrl?: string;
  readonly defaultRoomVersion?: string;
  readonly effects?: Effects;
}

/** Of everybody who is registered by these. */
export const TEST_PASSWORD = 'a password of tests';

/**
 * A workspace in this process, in a folder of its own, on ports that were free. What its clients say and hear is held
 * against the specification's contract, without any test thinking of it.
 */
export class TestWorkspace implements AsyncDisposable {
  readonly serverName: string;
  readonly folder: string;
  readonly #effects: Effects | undefined;
  readonly #watch: WatchExchange | undefined;
  #workspace: Workspace | undefined;
  #people = 0;

  private constructor(
    folder: string,
    watch: WatchExchange | undefined,
    settings: TestWorkspaceSettings,
  ) {
    this.folder = folder;
    this.serverName = settings.serverName ?? 'harbour.example';
    this.#watch = watch;
    this.#effects = settings.effects;
  }

  static async start(settings: TestWorkspaceSettings = {}): Promise<TestWorkspace> {
    const folder = await mkdtemp(join(tmpdir(), 'hansa-workspace-'));
    const workspace = new TestWorkspace(folder, await loadClientContract(), settings);
    try {
      await workspace.#writeConfig(settings);
      await workspace.resume();
    } catch (error) {
      await workspace[Symbol.asyncDispose]();
      throw error;
    }
    return workspace;
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

  /** Starts it again on what is stored, on other ports. */
  async resume(): Promise<void> {
    // Loaded by the tests that start one; all others would pay for it too.
    const { startWorkspace } = await import('@hansa/workspace');
    this.#workspace = await startWorkspace(join(this.folder, 'hansa.yaml'), this.#effects);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  #running(): Workspace {
    if (this.#workspace === undefined) throw new Error(`${this.serverName} is not running`);
    return this.#workspace;
  }

  /** JSON is YAML. */
  async #writeConfig(settings: TestWorkspaceSettings): Promise<void> {
    const { registration = 'open', publicUrl, defaultRoomVersion } = settings;
    const listen = { host: '127.0.0.1', port: 0 };
    const config = {
      serverName: this.serverName,
      data: 'data',
      registration,
      publicUrl,
      defaultRoomVersion,
      logLevel: 'error',
      client: listen,
      federation: { listen },
    };
    await writeFile(join(this.folder, 'hansa.yaml'), JSON.stringify(config));
  }
}
