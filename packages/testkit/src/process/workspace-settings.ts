import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsIdentity } from '../test-ca.ts';

export interface WorkspaceSettings {
  /** Holds the configuration, the certificates and the data. */
  readonly folder: string;
  readonly serverName: string;
  readonly clientPort: number;
  readonly federationPort: number;
  readonly identity: TlsIdentity;
  /** PEM. */
  readonly authority: string;
  /** Server names to host:port. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly defaultRoomVersion?: string;
  readonly logLevel?: 'info' | 'error';
}

/** Writes the files of a workspace on loopback with open registration; answers the configuration file's path. */
export async function writeWorkspaceFiles(settings: WorkspaceSettings): Promise<string> {
  const { folder, identity, authority } = settings;
  await mkdir(folder, { recursive: true });
  const write = async (name: string, text: string, mode = 0o644) => {
    const file = join(folder, name);
    await writeFile(file, text, { mode });
    return file;
  };
  await write('authority.pem', authority);
  await write('certificate.pem', identity.cert);
  await write('key.pem', identity.key, 0o600);
  return write('hansa.yaml', configOf(settings));
}

/** JSON is YAML. */
function configOf(settings: WorkspaceSettings): string {
  const { serverName, clientPort, federationPort, hosts, defaultRoomVersion, logLevel } = settings;
  const config = {
    serverName,
    data: 'data',
    publicUrl: `http://127.0.0.1:${clientPort}`,
    registration: 'open',
    // What is undefined is not written.
    defaultRoomVersion,
    logLevel,
    client: { host: '127.0.0.1', port: clientPort },
    federation: {
      listen: {
        host: '127.0.0.1',
        port: federationPort,
        tls: { certificate: 'certificate.pem', key: 'key.pem' },
      },
      hosts,
      certificateAuthorities: ['authority.pem'],
      allowedRanges: ['127.0.0.0/8', '::1/128'],
    },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
