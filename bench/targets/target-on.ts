import { MatrixClient, type ServerProcess } from '@hansa/testkit';
import { checkSample } from '../check-sample.ts';
import { visitingSource } from '../federated-source.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import type { PeerServers, PeerTarget } from '../peer-servers.ts';
import type { SendTarget } from './send-target.ts';

const PASSWORD = 'a password of the bench';

/**
 * A room on a server of any make. The peer comes into it when events are fetched back, and leaves, so that nothing is sent
 * to it while we measure.
 */
export async function targetOn(
  running: AsyncDisposableStack,
  name: string,
  server: PeerTarget & { readonly clientUrl: string; readonly process: ServerProcess },
  peers: PeerServers,
): Promise<SendTarget> {
  const [origin = ''] = peers.names;
  const ada = await MatrixClient.register(server.clientUrl, 'ada', PASSWORD);
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  const visit = { origin, author: server, asked: server, roomId };
  return {
    name,
    process: server.process,
    url: server.clientUrl,
    roomId,
    client: running.use(new KeepAliveClient(server.clientUrl, ada.accessToken)),
    check: (eventIds) => visitingSource(peers, visit, (source) => checkSample(source, eventIds)),
  };
}
