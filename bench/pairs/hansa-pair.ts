import { startHansas } from '../hansa-servers.ts';
import { pairOn } from './pair-on.ts';
import type { ServerPair } from './server-pair.ts';

/** Two workspaces of ours. */
export async function hansaPair(running: AsyncDisposableStack): Promise<ServerPair> {
  const settings = { names: ['a.bench', 'b.bench'], peers: ['checker.bench'] };
  const { servers, peers } = await startHansas(running, settings);
  return pairOn(running, 'hansa', servers, peers);
}
