import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, type ServerProcess, type TestCa } from '@hansa/testkit';
import type { PairSettings } from '../floors/pair-settings.ts';
import { temporaryFolder } from '../hansa-servers.ts';
import { startFloor } from '../start-floor.ts';

/** Of its clients. */
export const FLOOR_TOKEN = 'token-of-the-floor';
export const FLOOR_ROOM = '!floor';

export interface FloorServer {
  readonly process: ServerProcess;
  readonly serverName: string;
  readonly federationPort: number;
  readonly clientUrl: string;
}

interface FloorPlace extends Pick<PairSettings, 'server' | 'sends' | 'peer'> {
  readonly federationPort: number;
}

/** One of the floor's servers that federate, with its files; it ends with `running`. */
export async function startFloorServer(
  running: AsyncDisposableStack,
  ca: TestCa,
  place: FloorPlace,
): Promise<FloorServer> {
  const { server, federationPort } = place;
  const folder = await temporaryFolder(running);
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const identity = await ca.issue([server]);
  const clientPort = await freePort();
  const settings: PairSettings = {
    ...place,
    folder,
    clientPort,
    token: FLOOR_TOKEN,
    certificate: await write('certificate.pem', identity.cert),
    key: await write('key.pem', identity.key),
    authority: await write('authority.pem', ca.certificate),
  };
  const process = await startFloor(running, 'pair', [JSON.stringify(settings)]);
  const clientUrl = `http://127.0.0.1:${clientPort}`;
  return { process, serverName: server, federationPort, clientUrl };
}
