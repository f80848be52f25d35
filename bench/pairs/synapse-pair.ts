import { startSynapses } from '../synapse-servers.ts';
import { pairOn } from './pair-on.ts';
import type { ServerPair } from './server-pair.ts';

export async function synapsePair(
  running: AsyncDisposableStack,
  python: string,
): Promise<ServerPair> {
  const { servers, peers } = await startSynapses(running, python, 2);
  return pairOn(running, 'synapse', servers, peers);
}
