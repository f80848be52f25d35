import { MatrixClient, type Synapse, type WorkspaceProcess } from '@hansa/testkit';

/** One of the servers of a scenario, of whichever make. */
export interface Peer {
  readonly name: 'Hansa' | 'Synapse';
  readonly serverName: string;
  readonly clientUrl: string;
  /** The process; what it stored stays. */
  stop(): Promise<void>;
  /** As a power cut does. */
  kill(): Promise<void>;
  resume(): Promise<void>;
}

export function hansaPeer(
  process: WorkspaceProcess,
  address: { readonly serverName: string; readonly clientUrl: string },
): Peer {
  return { name: 'Hansa', ...address, ...lifeOf(process) };
}

export function synapsePeer(synapse: Synapse): Peer {
  const { settings, clientUrl } = synapse;
  return { name: 'Synapse', serverName: settings.serverName, clientUrl, ...lifeOf(synapse) };
}

function lifeOf(process: Synapse | WorkspaceProcess): Pick<Peer, 'stop' | 'kill' | 'resume'> {
  return {
    stop: () => process.stop(),
    kill: () => process.kill(),
    resume: () => process.resume(),
  };
}

const PASSWORD = 'interop-password-1';

export function registerAt(peer: Peer, name: string): Promise<MatrixClient> {
  return MatrixClient.register(peer.clientUrl, name, PASSWORD);
}
