import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsIdentity } from '../test-ca.ts';

export interface WorkspaceSettings {
  /** Holds the configuration, the certificates and the data. */
  readonly folder: string;
  readonly serverName: string;
  /** 0 where absent: whichever is free. */
  readonly clientPort?: number;
  readonly federationPort?: number;
  /** Of PostgreSQL. */
  readonly database?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly registration?: 'open' | 'closed' | undefined;
  readonly registrationSharedSecret?: string | undefined;
  readonly defaultRoomVersion?: string | undefined;
  readonly media?:
    | {
        readonly maxUploadBytes?: number;
        readonly maxRemoteBytes?: number;
        readonly maxBytesEach?: number;
        readonly maxDailyBytesEach?: number;
      }
    | undefined;
  readonly logLevel?: 'info' | 'error' | undefined;
  /** Absent: it federates with nobody, by plain HTTP. */
  readonly network?: WorkspaceSurroundings;
}

/** What a workspace has to know of the others on this machine. */
export interface WorkspaceSurroundings {
  readonly identity: TlsIdentity;
  /** PEM. */
  readonly authority: string;
  /** Server names to host:port; absent where DNS says it. */
  readonly hosts?: Readonly<Record<string, string>> | undefined;
  /** `address:port`; absent: those of the machine. */
  readonly dnsServers?: readonly string[] | undefined;
  /** Whether it listens for other servers by plain HTTP, as behind a proxy. */
  readonly behindProxy?: boolean | undefined;
}

/** Writes the files of a workspace on loopback, by default with open registration; answers the configuration file's path. */
export async function writeWorkspaceFiles(settings: WorkspaceSettings): Promise<string> {
  const { folder, network } = settings;
  await mkdir(folder, { recursive: true });
  const write = async (name: string, text: string, mode = 0o644) => {
    const file = join(folder, name);
    await writeFile(file, text, { mode });
    return file;
  };
  if (network !== undefined) {
    await write('authority.pem', network.authority);
    await write('certificate.pem', network.identity.cert);
    await write('key.pem', network.identity.key, 0o600);
  }
  return write('hansa.yaml', configOf(settings));
}

/** JSON is YAML. What is undefined is not written. */
function configOf(settings: WorkspaceSettings): string {
  const { serverName, publicUrl, registration = 'open', defaultRoomVersion, logLevel } = settings;
  const { database, registrationSharedSecret, media } = settings;
  const { clientPort = 0, federationPort = 0, network } = settings;
  const host = '127.0.0.1';
  const listen = { host, port: federationPort };
  const tls = { certificate: 'certificate.pem', key: 'key.pem' };
  const config = {
    serverName,
    data: 'data',
    database,
    publicUrl,
    registration,
    rateLimit: 0,
    registrationSharedSecret,
    defaultRoomVersion,
    media,
    logLevel,
    client: { host, port: clientPort },
    federation:
      network === undefined
        ? { listen }
        : {
            listen: network.behindProxy === true ? listen : { ...listen, tls },
            hosts: network.hosts,
            dnsServers: network.dnsServers,
            certificateAuthorities: ['authority.pem'],
            allowedRanges: ['127.0.0.0/8', '::1/128'],
          },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
