import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  freePort,
  Synapse,
  TestCa,
  WorkspaceProcess,
  writeWorkspaceFiles,
  type TlsIdentity,
} from '@hansa/testkit';
import { hansaPeer, synapsePeer, type Peer } from './peer.ts';

/** Scenarios name the version of each room. */
const DEFAULT_ROOM_VERSION = '12';

export interface Peers {
  readonly hansa: Peer;
  /** Another workspace of ours. */
  readonly secondHansa: Peer;
  readonly synapse: Peer;
}

interface Place {
  readonly serverName: string;
  readonly clientPort: number;
  readonly federationPort: number;
}

interface Ground {
  /** What is started ends with it. */
  readonly running: AsyncDisposableStack;
  /** Holds a folder of each. */
  readonly folder: string;
  /** All have the same certificate. */
  readonly identity: TlsIdentity;
  /** PEM. */
  readonly authority: string;
}

/**
 * A Synapse and two workspaces on loopback that reach one another. The first workspace has an address for its name, so
 * that an access control list can tell it from the others.
 */
export async function startPeers(python: string, running: AsyncDisposableStack): Promise<Peers> {
  const folder = await mkdtemp(join(tmpdir(), 'hansa-interop-'));
  running.defer(() => rm(folder, { recursive: true, force: true }));
  const ca = await TestCa.create();
  const identity = await ca.issue(['localhost', '127.0.0.1']);
  const ground = { running, folder, identity, authority: ca.certificate };
  const [synapsePlace, hansaPlace, secondPlace] = await Promise.all([
    findPlace('localhost'),
    findPlace('127.0.0.1'),
    findPlace('localhost'),
  ]);
  const [synapse, hansa, secondHansa] = await Promise.all([
    startSynapse(python, ground, synapsePlace),
    startHansa('hansa', ground, hansaPlace),
    startHansa('second-hansa', ground, secondPlace),
  ]);
  return { hansa, secondHansa, synapse };
}

async function findPlace(host: string): Promise<Place> {
  const [clientPort, federationPort] = [await freePort(), await freePort()];
  return { serverName: `${host}:${federationPort}`, clientPort, federationPort };
}

async function startHansa(name: string, ground: Ground, place: Place): Promise<Peer> {
  const { running, folder, identity, authority } = ground;
  const clientUrl = `http://127.0.0.1:${place.clientPort}`;
  const configFile = await writeWorkspaceFiles({
    ...place,
    folder: join(folder, name),
    publicUrl: clientUrl,
    network: { identity, authority, hosts: {} },
  });
  const workspace = running.use(new WorkspaceProcess(configFile));
  await workspace.resume();
  return hansaPeer(workspace, { serverName: place.serverName, clientUrl });
}

async function startSynapse(python: string, ground: Ground, place: Place): Promise<Peer> {
  const { running, folder, identity, authority } = ground;
  const pem = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const synapse = await Synapse.start(python, {
    ...place,
    folder: join(folder, 'synapse'),
    certificate: await pem('certificate.pem', identity.cert),
    key: await pem('key.pem', identity.key),
    authority: await pem('authority.pem', authority),
    defaultRoomVersion: DEFAULT_ROOM_VERSION,
  });
  return synapsePeer(running.use(synapse));
}
