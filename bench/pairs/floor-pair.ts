import { freePort, TestCa } from '@hansa/testkit';
import { KeepAliveClient } from '../keep-alive-client.ts';
import { VisibleEvents } from '../visible-events.ts';
import { FLOOR_ROOM, FLOOR_TOKEN, startFloorServer, type FloorServer } from './floor-server.ts';
import { sendMessage, type ServerPair } from './server-pair.ts';

/** Two of the floor's servers, of which the first hands on to the second. */
export async function floorPair(running: AsyncDisposableStack): Promise<ServerPair> {
  const ca = await TestCa.create();
  const [portA, portB] = [await freePort(), await freePort()];
  const b = await startFloorServer(running, ca, {
    server: 'b.bench',
    federationPort: portB,
    sends: false,
    peer: { server: 'a.bench', federationPort: portA },
  });
  const a = await startFloorServer(running, ca, {
    server: 'a.bench',
    federationPort: portA,
    sends: true,
    peer: { server: 'b.bench', federationPort: portB },
  });
  const clientOf = ({ clientUrl }: FloorServer) =>
    running.use(new KeepAliveClient(clientUrl, FLOOR_TOKEN));
  const client = clientOf(a);
  return {
    name: 'floor',
    processes: [a.process, b.process],
    send: (transaction) => sendMessage(client, FLOOR_ROOM, transaction),
    atB: running.use(await VisibleEvents.follow(clientOf(b), FLOOR_ROOM)),
  };
}
