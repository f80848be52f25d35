import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MatrixClient } from '../client/matrix-client.ts';
import { TestWorkspace } from '../process/test-workspace.ts';
import { writeNetworkFiles, type NetworkPlace } from './network-files.ts';
import { TestDns, type Zone } from './test-dns.ts';

export interface WorkspaceNetworkOptions {
  readonly servers: number;
  readonly defaultRoomVersion?: string;
  /** How they find each other: by their configuration unless told, or by the SRV records of a DNS server. */
  readonly foundBy?: 'hosts' | 'dns';
  /** Addresses of empty PostgreSQL databases, one for each; files unless given. */
  readonly databases?: readonly string[];
}

/** Workspaces that can reach one another, as `await using network = await WorkspaceNetwork.create({ servers: 2 })`. */
export class WorkspaceNetwork implements AsyncDisposable {
  readonly #servers: readonly TestWorkspace[];
  readonly #folder: string;
  readonly #dns: TestDns | undefined;

  private constructor(
    servers: readonly TestWorkspace[],
    surroundings: { readonly folder: string; readonly dns: TestDns | undefined },
  ) {
    this.#servers = servers;
    this.#folder = surroundings.folder;
    this.#dns = surroundings.dns;
  }

  /** They run when it resolves; their names are `s1.test`, `s2.test`, …. */
  static async create(options: WorkspaceNetworkOptions): Promise<WorkspaceNetwork> {
    const { servers: count, defaultRoomVersion, foundBy, databases } = options;
    const folder = await mkdtemp(join(tmpdir(), 'hansa-network-'));
    const serverNames = Array.from({ length: count }, (_, index) => `s${index + 1}.test`);
    const dns = foundBy === 'dns' ? await TestDns.start({}) : undefined;
    const places = await writeNetworkFiles({
      folder,
      serverNames,
      defaultRoomVersion,
      logLevel: 'error',
      dnsServer: dns?.server,
      databases,
    });
    if (dns !== undefined) dns.zone = zoneOf(places);
    const servers = await Promise.all(places.map((place) => TestWorkspace.at(place)));
    const network = new WorkspaceNetwork(servers, { folder, dns });
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
    await this.#dns?.[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Each server is at a host of another name, at the port that its SRV record says. */
function zoneOf(places: readonly NetworkPlace[]): Zone {
  return Object.fromEntries(
    places.flatMap(({ serverName, federationPort }): [string, Zone[string]][] => [
      [
        `_matrix-fed._tcp.${serverName}`,
        [{ type: 'SRV', data: { target: `host.${serverName}`, port: federationPort } }],
      ],
      [`host.${serverName}`, [{ type: 'A', data: '127.0.0.1' }]],
    ]),
  );
}
