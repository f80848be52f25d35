import { MatrixClient } from '@hansa/testkit';
import { checkSample } from '../check-sample.ts';
import { visitingSource } from '../federated-source.ts';
import { startHansas } from '../hansa-servers.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import type { SendTarget } from './send-target.ts';

const PASSWORD = 'a password of the bench';
/** It comes when events are fetched back, and leaves, so that nothing is sent to it while we measure. */
const CHECKER = 'checker.bench';

export async function hansaTarget(running: AsyncDisposableStack): Promise<SendTarget> {
  const { servers, peers } = await startHansas(running, {
    names: ['sender.bench'],
    peers: [CHECKER],
  });
  const [server] = servers;
  if (server === undefined) throw new Error('one was asked for');
  const ada = await MatrixClient.register(server.clientUrl, 'ada', PASSWORD);
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  return {
    name: 'hansa',
    process: server.process,
    url: server.clientUrl,
    roomId,
    client: running.use(new KeepAliveClient(server.clientUrl, ada.accessToken)),
    check: (eventIds) =>
      visitingSource(peers, { origin: CHECKER, author: server, asked: server, roomId }, (source) =>
        checkSample(source, eventIds),
      ),
  };
}
