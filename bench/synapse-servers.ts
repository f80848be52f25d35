import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, Synapse, TestCa } from '@hansa/testkit';
import { temporaryFolder } from './hansa-servers.ts';
import { PeerServers } from './peer-servers.ts';

export interface SynapseServer {
  readonly serverName: string;
  readonly clientUrl: string;
  readonly federationPort: number;
  readonly process: Synapse;
}

export interface SynapseServers {
  readonly servers: readonly SynapseServer[];
  /** One server that this process plays. */
  readonly peers: PeerServers;
}

/** Synapses on SQLite, flushed as ours is, that reach each other and the peer. All ends with `running`. */
export async function startSynapses(
  running: AsyncDisposableStack,
  python: string,
  count: number,
): Promise<SynapseServers> {
  const ca = await TestCa.create();
  const peers = running.use(await PeerServers.startLocal(ca));
  const servers: SynapseServer[] = [];
  for (let index = 0; index < count; index += 1) {
    const server = await prepareSynapse(running, python, ca);
    await server.process.resume();
    servers.push(server);
  }
  return { servers, peers };
}

/** One with its files. Nothing runs before `resume`; it ends with `running`. */
export async function prepareSynapse(
  running: AsyncDisposableStack,
  python: string,
  ca: TestCa,
): Promise<SynapseServer> {
  const folder = await temporaryFolder(running);
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const federationPort = await freePort();
  const serverName = `localhost:${federationPort}`;
  const identity = await ca.issue(['localhost']);
  const process = running.use(
    await Synapse.prepare(python, {
      folder,
      serverName,
      clientPort: await freePort(),
      federationPort,
      certificate: await write('certificate.pem', identity.cert),
      key: await write('key.pem', identity.key),
      authority: await write('authority.pem', ca.certificate),
      defaultRoomVersion: '12',
    }),
  );
  return { serverName, clientUrl: process.clientUrl, federationPort, process };
}
