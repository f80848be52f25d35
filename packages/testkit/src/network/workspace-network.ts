import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MatrixClient } from '../client/matrix-client.ts';
import { TestWorkspace } from '../process/test-workspace.ts';
import { writeNetworkFiles } from './network-files.ts';

export interface WorkspaceNetworkOptions {
  readonly servers: number;
  readonly defaultRoomVersion?: string;
}

/** Workspaces that can reach one another, as `await using network = await WorkspaceNetwork.create({ servers: 2 })`. */
export class WorkspaceNetwork implements AsyncDisposable {
  readonly #servers: readonly TestWorkspace[];
  readonly #folder: string;

  private constructor(servers: readonly TestWorkspace[], folder: string) {
    this.#servers = servers;
    this.#folder = folder;
  }

  /** They run when it resolves; their names are `s1.test`, `s2.test`, …. */
  static async create(options: WorkspaceNetworkOptions): Promise<WorkspaceNetwork> {
    const { servers: count, defaultRoomVersion } = options;
    const folder = await mkdtemp(join(tmpdir(), 'hansa-network-'));
    const serverNames = Array.from({ length: count }, (_, index) => `s${index + 1}.test`);
    const settings = { folder, serverNames, defaultRoomVersion, logLevel: 'error' as const };
    const places = await writeNetworkFiles(settings);
    const servers = await Promise.all(places.map((place) => TestWorkspace.at(place)));
    const network = new WorkspaceNetwork(servers, folder);
    try {
      for (const server of servers) await server.resume();
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
    return network;
  }

  /** Counted from 0. */
  server(index: number): TestWorkspace {
    const server = this.#servers[index];
    if (server === undefined) throw new RangeError(`the network has no server ${index}`);
    return server;
  }

  /** New persons, the first on the first server, the second on the second …. */
  async people<const Names extends readonly string[]>(
    ...names: Names
  ): Promise<{ readonly [Index in keyof Names]: MatrixClient }> {
    const clients = await Promise.all(names.map((name, at) => this.server(at).register(name)));
    return clients as { readonly [Index in keyof Names]: MatrixClient };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
