import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, TestCa, type ServerProcess } from '@hansa/testkit';
import type { PairSettings } from '../floors/pair-settings.ts';
import { temporaryFolder } from '../hansa-servers.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import { startFloor } from '../start-floor.ts';
import { VisibleEvents } from '../visible-events.ts';
import { sendMessage, type ServerPair } from './server-pair.ts';

const TOKEN = 'token-of-the-floor';
const ROOM = '!floor';

export interface FloorPair extends ServerPair {
  readonly processes: readonly [ServerProcess, ServerProcess];
  readonly settings: readonly [PairSettings, PairSettings];
  /** PEM: who vouches for both. */
  readonly authority: string;
}

export async function floorPair(running: AsyncDisposableStack): Promise<FloorPair> {
  const folder = await temporaryFolder(running);
  const ca = await TestCa.create();
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, ca.certificate);
  const names = ['a.bench', 'b.bench'] as const;
  const portA = await freePort();
  const portB = await freePort();
  const settingsOf = async (index: 0 | 1): Promise<PairSettings> => {
    const server = names[index];
    const identity = await ca.issue([server]);
    const own = await temporaryFolder(running);
    const certificate = join(own, 'certificate.pem');
    const key = join(own, 'key.pem');
    await writeFile(certificate, identity.cert);
    await writeFile(key, identity.key);
    const [federationPort, peerPort] = index === 0 ? [portA, portB] : [portB, portA];
    return {
      folder: own,
      clientPort: await freePort(),
      federationPort,
      server,
      token: TOKEN,
      sends: index === 0,
      peer: { server: names[index === 0 ? 1 : 0], federationPort: peerPort },
      certificate,
      key,
      authority,
    };
  };
  const a = await settingsOf(0);
  const b = await settingsOf(1);
  const atB = await startFloor(running, 'pair', [JSON.stringify(b)]);
  const atA = await startFloor(running, 'pair', [JSON.stringify(a)]);
  const clientOf = ({ clientPort }: PairSettings) =>
    running.use(new KeepAliveClient(`http://127.0.0.1:${clientPort}`, TOKEN));
  const client = clientOf(a);
  return {
    name: 'floor',
    processes: [atA, atB],
    settings: [a, b],
    authority: ca.certificate,
    pids: () => [atA.pid, atB.pid],
    send: (transaction) => sendMessage(client, ROOM, transaction),
    atB: running.use(await VisibleEvents.follow(clientOf(b), ROOM)),
  };
}
