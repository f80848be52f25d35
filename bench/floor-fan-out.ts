import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, TestCa } from '@hansa/testkit';
import { Arrivals } from './arrivals.ts';
import { namesOf, type FanOutRoom } from './fan-out-room.ts';
import type { FanOutSettings } from './floors/fan-out-settings.ts';
import { temporaryFolder } from './hansa-servers.ts';
import { KeepAliveClient } from './keep-alive-client.ts';
import { FLOOR_ROOM, FLOOR_TOKEN } from './pairs/floor-server.ts';
import { sendMessage } from './pairs/server-pair.ts';
import { PeerServers } from './peer-servers.ts';
import { startFloor } from './start-floor.ts';

/** The floor of W5, which has none but live servers. */
export async function floorFanOut(
  running: AsyncDisposableStack,
  live: number,
): Promise<FanOutRoom> {
  const ca = await TestCa.create();
  const names = namesOf('live', live);
  const peers = running.use(await PeerServers.start(ca, names));
  const folder = await temporaryFolder(running);
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, ca.certificate);
  const clientPort = await freePort();
  const settings: FanOutSettings = {
    folder,
    clientPort,
    server: 'sender.bench',
    token: FLOOR_TOKEN,
    to: names.map((server) => ({ server, federationPort: peers.port })),
    authority,
  };
  const process = await startFloor(running, 'fan-out', [JSON.stringify(settings)]);
  const client = running.use(new KeepAliveClient(`http://127.0.0.1:${clientPort}`, FLOOR_TOKEN));
  return {
    name: 'floor',
    process,
    live: names,
    arrivals: new Arrivals(peers),
    send: (transaction) => sendMessage(client, FLOOR_ROOM, transaction),
  };
}
