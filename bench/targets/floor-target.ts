import { freePort } from '@hansa/testkit';
import { checkSample, type EventSource } from '../check-sample.ts';
import { keysOf, type KeyDocument } from '../federated-source.ts';
import type { JsonObject } from '../floors/canonical-json.ts';
import { temporaryFolder } from '../hansa-servers.ts';
import { KeepAliveClient } from '../keep-alive-client.ts';
import { startFloor } from '../start-floor.ts';
import type { SendTarget } from './send-target.ts';

const SERVER = 'sender.bench';
const TOKEN = 'token-of-the-floor';

export async function floorTarget(running: AsyncDisposableStack): Promise<SendTarget> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = await temporaryFolder(running);
  const process = await startFloor(running, 'local-send', [folder, port, SERVER, TOKEN]);
  const client = running.use(new KeepAliveClient(url, TOKEN));
  const source: EventSource = {
    serverName: SERVER,
    keys: keysOf(await client.json<KeyDocument>('GET', '/keys')),
    fetch: async (eventId) => {
      const path = `/event/${encodeURIComponent(eventId)}`;
      return (await client.json<{ pdus: readonly JsonObject[] }>('GET', path)).pdus[0];
    },
  };
  return {
    name: 'floor',
    process,
    url,
    roomId: '!floor',
    client,
    check: (eventIds) => checkSample(source, eventIds),
  };
}
