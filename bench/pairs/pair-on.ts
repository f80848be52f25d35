import { MatrixClient, type ServerProcess } from '@hansa/testkit';
import { checkSample } from '../check-sample.ts';
import { visitingSource } from '../federated-source.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import type { PeerServers, PeerTarget } from '../peer-servers.ts';
import { VisibleEvents } from '../visible-events.ts';
import { sendMessage, type ServerPair } from './server-pair.ts';

const PASSWORD = 'a password of the bench';

type PairedServer = PeerTarget & { readonly clientUrl: string; readonly process: ServerProcess };

/** A public room of the first server, of any make, that somebody of the second has joined. */
export async function pairOn(
  running: AsyncDisposableStack,
  name: string,
  [a, b]: readonly PairedServer[],
  peers: PeerServers,
): Promise<ServerPair> {
  if (a === undefined || b === undefined) throw new Error('two were asked for');
  const [origin = ''] = peers.names;
  const ada = await MatrixClient.register(a.clientUrl, 'ada', PASSWORD);
  const bela = await MatrixClient.register(b.clientUrl, 'bela', PASSWORD);
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  await bela.join(roomId, [a.serverName]);
  const client = running.use(new KeepAliveClient(a.clientUrl, ada.accessToken));
  const reader = running.use(new KeepAliveClient(b.clientUrl, bela.accessToken));
  const visit = { origin, author: a, asked: b, roomId };
  return {
    name,
    processes: [a.process, b.process],
    send: (transaction) => sendMessage(client, roomId, transaction),
    atB: running.use(await VisibleEvents.follow(reader, roomId)),
    check: (eventIds) => visitingSource(peers, visit, (source) => checkSample(source, eventIds)),
  };
}
