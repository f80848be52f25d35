import { MatrixClient } from '@hansa/testkit';
import { checkSample } from '../check-sample.ts';
import { visitingSource } from '../federated-source.ts';
import { startHansas } from '../hansa-servers.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import { VisibleEvents } from '../visible-events.ts';
import { sendMessage, type ServerPair } from './server-pair.ts';

const PASSWORD = 'a password of the bench';
const CHECKER = 'checker.bench';

/** Two workspaces, a public room of the first that somebody of the second has joined. */
export async function hansaPair(running: AsyncDisposableStack): Promise<ServerPair> {
  const names = ['a.bench', 'b.bench'];
  const { servers, peers } = await startHansas(running, { names, peers: [CHECKER] });
  const [a, b] = servers;
  if (a === undefined || b === undefined) throw new Error('two were asked for');
  const ada = await MatrixClient.register(a.clientUrl, 'ada', PASSWORD);
  const bela = await MatrixClient.register(b.clientUrl, 'bela', PASSWORD);
  const roomId = await ada.createRoom({ preset: 'public_chat' });
  await bela.join(roomId, [a.serverName]);
  const client = running.use(new KeepAliveClient(a.clientUrl, ada.accessToken));
  const reader = running.use(new KeepAliveClient(b.clientUrl, bela.accessToken));
  return {
    name: 'hansa',
    processes: [a.process, b.process],
    send: (transaction) => sendMessage(client, roomId, transaction),
    atB: running.use(await VisibleEvents.follow(reader, roomId)),
    check: (eventIds) =>
      visitingSource(peers, { origin: CHECKER, author: a, asked: b, roomId }, (source) =>
        checkSample(source, eventIds),
      ),
  };
}
