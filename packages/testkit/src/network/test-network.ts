import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { writeWorkspaceFiles } from '../process/workspace-settings.ts';
import { TestCa } from '../test-ca.ts';
import { NetworkServer } from './network-server.ts';

export interface TestNetworkOptions {
  readonly servers: number;
  readonly defaultRoomVersion?: string;
}

/** Workspaces that can reach one another, as `await using network = await TestNetwork.create({ servers: 2 })`. */
export class TestNetwork implements AsyncDisposable {
  readonly servers: readonly NetworkServer[];
  readonly #folder: string;

  private constructor(servers: readonly NetworkServer[], folder: string) {
    this.servers = servers;
    this.#folder = folder;
  }

  /** They run when it resolves; their names are `s1.test`, `s2.test`, …. */
  static async create(options: TestNetworkOptions): Promise<TestNetwork> {
    const folder = await mkdtemp(join(tmpdir(), 'hansa-network-'));
    const network = new TestNetwork(await writeServers(options, folder), folder);
    try {
      for (const server of network.servers) await server.start();
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
    return network;
  }

  /** Counted from 0. */
  server(index: number): NetworkServer {
    const server = this.servers[index];
    if (server === undefined) throw new RangeError(`the network has no server ${index}`);
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function writeServers(
  { servers, defaultRoomVersion }: TestNetworkOptions,
  folder: string,
): Promise<readonly NetworkServer[]> {
  const ca = await TestCa.create();
  const places: { name: string; clientPort: number; federationPort: number }[] = [];
  for (let number = 1; number <= servers; number += 1) {
    const ports = { clientPort: await freePort(), federationPort: await freePort() };
    places.push({ name: `s${number}.test`, ...ports });
  }
  const hosts = Object.fromEntries(
    places.map(({ name, federationPort }) => [name, `127.0.0.1:${federationPort}`]),
  );
  return await Promise.all(
    places.map(async ({ name, clientPort, federationPort }) => {
      const configFile = await writeWorkspaceFiles({
        folder: join(folder, name),
        serverName: name,
        clientPort,
        federationPort,
        identity: await ca.issue([name]),
        authority: ca.certificate,
        hosts,
        logLevel: 'error',
        ...(defaultRoomVersion === undefined ? {} : { defaultRoomVersion }),
      });
      return new NetworkServer({ name, clientUrl: `http://127.0.0.1:${clientPort}`, configFile });
    }),
  );
}
