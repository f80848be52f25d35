import { startSynapses } from '../synapse-servers.ts';
import type { SendTarget } from './send-target.ts';
import { targetOn } from './target-on.ts';

export async function synapseTarget(
  running: AsyncDisposableStack,
  python: string,
): Promise<SendTarget> {
  const { servers, peers } = await startSynapses(running, python, 1);
  const [server] = servers;
  if (server === undefined) throw new Error('one was asked for');
  return targetOn(running, 'synapse', server, peers);
}
