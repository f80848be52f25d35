import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, TestCa, WorkspaceProcess, writeWorkspaceFiles } from '@hansa/testkit';
import { PeerServers } from './peer-servers.ts';

/** A workspace in a process of its own. */
export interface HansaServer {
  readonly serverName: string;
  readonly clientUrl: string;
  readonly federationPort: number;
  readonly folder: string;
  readonly process: WorkspaceProcess;
}

export interface HansaServers {
  readonly servers: readonly HansaServer[];
  readonly peers: PeerServers;
  /** Whom all of them trust. */
  readonly ca: TestCa;
}

export interface HansaSettings {
  readonly names: readonly string[];
  /** Servers that this process plays. */
  readonly peers?: readonly string[];
  /** Further ones, who may fall silent together. */
  readonly others?: readonly PeerServers[];
  /** Who vouches for the others; one of their own unless given. */
  readonly ca?: TestCa;
}

/** Starts workspaces, as `hansa start` runs them, that reach each other and their peers. All ends with `running`. */
export async function startHansas(
  running: AsyncDisposableStack,
  { names, peers: peerNames = [], others = [], ca: given }: HansaSettings,
): Promise<HansaServers> {
  const folder = await temporaryFolder(running);
  const ca = given ?? (await TestCa.create());
  const peers = running.use(await PeerServers.start(ca, peerNames));
  const places = await Promise.all(
    names.map(async (serverName) => ({
      serverName,
      clientPort: await freePort(),
      federationPort: await freePort(),
    })),
  );
  const hosts = Object.fromEntries([
    ...[peers, ...others].flatMap((group) =>
      group.names.map((name) => [name, `127.0.0.1:${group.port}`]),
    ),
    ...places.map(({ serverName, federationPort }) => [serverName, `127.0.0.1:${federationPort}`]),
  ]) as Record<string, string>;
  const servers = await Promise.all(
    places.map(async (place): Promise<HansaServer> => {
      const { serverName, clientPort, federationPort } = place;
      const own = join(folder, serverName);
      const clientUrl = `http://127.0.0.1:${clientPort}`;
      const configFile = await writeWorkspaceFiles({
        ...place,
        folder: own,
        publicUrl: clientUrl,
        network: { identity: await ca.issue([serverName]), authority: ca.certificate, hosts },
      });
      const process = running.use(new WorkspaceProcess(configFile));
      await process.resume();
      return { serverName, clientUrl, federationPort, folder: own, process };
    }),
  );
  return { servers, peers, ca };
}

/** Gone with `running`. */
export async function temporaryFolder(running: AsyncDisposableStack): Promise<string> {
  return running.adopt(await mkdtemp(join(tmpdir(), 'hansa-bench-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
}
