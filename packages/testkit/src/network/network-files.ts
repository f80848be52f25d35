import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { writeWorkspaceFiles, type WorkspaceSettings } from '../process/workspace-files.ts';
import { TestCa } from '../test-ca.ts';

/** One workspace of several that know each other's addresses. */
export interface NetworkPlace {
  readonly serverName: string;
  /** Base URL of its client API, once it runs. */
  readonly clientUrl: string;
  readonly federationPort: number;
  readonly federationUrl: string;
  readonly configFile: string;
}

interface NetworkSettings extends Pick<WorkspaceSettings, 'defaultRoomVersion' | 'logLevel'> {
  /** A folder in it for each. */
  readonly folder: string;
  readonly serverNames: readonly string[];
  /** Of PostgreSQL, one for each; absent: files. */
  readonly databases?: readonly string[] | undefined;
  /** The DNS server that tells each where the others are; absent: their configuration does. */
  readonly dnsServer?: string | undefined;
  /** Names of those that others reach by plain HTTP, as behind a proxy; nobody reaches them by their names. */
  readonly behindProxy?: readonly string[];
  /** Issues the certificates; one of their own unless given. */
  readonly ca?: TestCa | undefined;
}

/**
 * Writes the files of workspaces on loopback that can reach one another, with an authority of their own unless one is given. Their ports are
 * free at this moment, and no two are the same.
 */
export async function writeNetworkFiles({
  folder,
  serverNames,
  dnsServer,
  databases = [],
  ca: given,
  behindProxy = [],
  ...settings
}: NetworkSettings): Promise<readonly NetworkPlace[]> {
  const ca = given ?? (await TestCa.create());
  const ports = await distinctPorts(2 * serverNames.length);
  const places = serverNames.map((serverName, index) => {
    const [clientPort = 0, federationPort = 0] = ports.slice(2 * index);
    return { serverName, clientPort, federationPort, database: databases[index] };
  });
  const hosts = Object.fromEntries(
    places.map(({ serverName, federationPort }) => [serverName, `127.0.0.1:${federationPort}`]),
  );
  return Promise.all(
    places.map(async (place) => {
      const { serverName, federationPort } = place;
      const clientUrl = `http://127.0.0.1:${place.clientPort}`;
      const identity = await ca.issue([serverName]);
      const configFile = await writeWorkspaceFiles({
        ...settings,
        ...place,
        folder: join(folder, serverName),
        publicUrl: clientUrl,
        network: {
          identity,
          authority: ca.certificate,
          behindProxy: behindProxy.includes(serverName),
          ...(dnsServer === undefined ? { hosts } : { dnsServers: [dnsServer] }),
        },
      });
      const scheme = behindProxy.includes(serverName) ? 'http' : 'https';
      const federationUrl = `${scheme}://127.0.0.1:${federationPort}`;
      return { serverName, clientUrl, federationPort, federationUrl, configFile };
    }),
  );
}

async function distinctPorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
