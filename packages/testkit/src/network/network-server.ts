import type { Workspace } from '@hansa/workspace';
import { MatrixClient } from '../client/matrix-client.ts';

const PASSWORD = 'a password of tests';

/** One workspace of a test network, in this process, on real sockets and a database of its own. */
export class NetworkServer {
  readonly name: string;
  /** Base URL of its client API. */
  readonly clientUrl: string;
  readonly #configFile: string;
  #workspace: Workspace | undefined;

  constructor(options: {
    readonly name: string;
    readonly clientUrl: string;
    readonly configFile: string;
  }) {
    this.name = options.name;
    this.clientUrl = options.clientUrl;
    this.#configFile = options.configFile;
  }

  /** On what was stored, where it ran before. */
  async start(): Promise<void> {
    // Loaded by the tests that start one; all others would pay for it too.
    const { startWorkspace } = await import('@hansa/workspace');
    this.#workspace = await startWorkspace(this.#configFile);
  }

  async stop(): Promise<void> {
    await this.#workspace?.[Symbol.asyncDispose]();
    this.#workspace = undefined;
  }

  /** A new person here, logged in. */
  async register(localpart: string): Promise<MatrixClient> {
    return await MatrixClient.register(this.clientUrl, localpart, PASSWORD);
  }
}
