import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { JsonObject } from './canonical-json.ts';
import { DurableLog } from './durable-log.ts';
import type { IngestSettings } from './ingest-settings.ts';
import { serveClients } from './serve.ts';
import { checkEvent, floorKey, KEY_ID } from './signed-event.ts';

// The floor of W3, `node ingest-join.ts SETTINGS`: fetches the answer to a join, checks every hash and every signature, and
// has all of it on the disk before it answers. It looks at no rule.
const settings = JSON.parse(process.argv[2] ?? '') as IngestSettings;

const log = new DurableLog(join(settings.folder, 'floor.db'));
const agent = new Agent({ keepAlive: true, ca: readFileSync(settings.authority) });
const keys = new Map<string, Readonly<Record<string, KeyObject>>>();

/** The path is that which the peer is asked for. */
serveClients(settings.clientPort, ({ url = '' }, _body, reply) => {
  const { server, federationPort: port } = settings.peer;
  const headers = { host: server };
  const options = { host: '127.0.0.1', port, servername: server, path: url, headers, agent };
  get(options, (response) => {
    void text(response)
      .then(ingest)
      .then(() => reply('{}'));
  });
});

async function ingest(answer: string): Promise<void> {
  const { state } = JSON.parse(answer) as { readonly state: readonly (JsonObject & Named)[] };
  const logged: Promise<void>[] = [];
  for (const event of state) {
    const server = event.sender.slice(event.sender.indexOf(':') + 1);
    const checked = checkEvent(event, server, keysOf(server));
    if ('fault' in checked) throw new Error(checked.fault);
    const { promise, resolve } = Promise.withResolvers<void>();
    const { depth } = event;
    const [previous = ''] = event.prev_events;
    log.append({ ...checked, json: JSON.stringify(event), depth, previous }, resolve);
    logged.push(promise);
  }
  await Promise.all(logged);
}

interface Named {
  readonly sender: string;
  readonly depth: number;
  readonly prev_events: readonly string[];
}

function keysOf(server: string): Readonly<Record<string, KeyObject>> {
  const known = keys.get(server);
  if (known !== undefined) return known;
  const key = { [KEY_ID]: createPublicKey(floorKey(server).privateKey) };
  keys.set(server, key);
  return key;
}
