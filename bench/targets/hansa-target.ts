import { startHansas } from '../hansa-servers.ts';
import type { SendTarget } from './send-target.ts';
import { targetOn } from './target-on.ts';

export async function hansaTarget(running: AsyncDisposableStack): Promise<SendTarget> {
  const settings = { names: ['sender.bench'], peers: ['checker.bench'] };
  const { servers, peers } = await startHansas(running, settings);
  const [server] = servers;
  if (server === undefined) throw new Error('one was asked for');
  return targetOn(running, 'hansa', server, peers);
}
