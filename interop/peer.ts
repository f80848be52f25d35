import { MatrixClient, type Synapse, type WorkspaceProcess } from '@hansa/testkit';

/** One of the two servers of a scenario, of whichever make. */
export interface Peer {
  readonly name: 'Hansa' | 'Synapse';
  readonly serverName: string;
  readonly clientUrl: string;
  /** The process; what it stored stays. */
  stop(): Promise<void>;
  resume(): Promise<void>;
}

export function hansaPeer(
  process: WorkspaceProcess,
  address: { readonly serverName: string; readonly clientUrl: string },
): Peer {
  return {
    name: 'Hansa',
    ...address,
    stop: () => process.stop(),
    resume: () => process.resume(),
  };
}

export function synapsePeer(synapse: Synapse): Peer {
  return {
    name: 'Synapse',
    serverName: synapse.settings.serverName,
    clientUrl: synapse.clientUrl,
    stop: () => synapse.stop(),
    resume: () => synapse.resume(),
  };
}

const PASSWORD = 'interop-password-1';

export function registerAt(peer: Peer, name: string): Promise<MatrixClient> {
  return MatrixClient.register(peer.clientUrl, name, PASSWORD);
}
