import { join } from 'node:path';
import { DurableLog } from './durable-log.ts';
import { FloorRoom } from './floor-room.ts';
import { serveClients } from './serve.ts';
import { floorKey, KEY_ID } from './signed-event.ts';

// The floor of W1, `node local-send.ts FOLDER PORT SERVER TOKEN`: what no server can leave out of an event that is sent,
// HTTP, the token, JSON, a look at the membership, two hashes, a signature, and one flush for all that are sent at once.
const [, , folder = '', port = '', server = '', token = ''] = process.argv;

const key = floorKey(server);
const log = new DurableLog(join(folder, 'floor.db'));
const room = new FloorRoom(server, key);
const tokens = new Set([`Bearer ${token}`]);

serveClients(Number(port), ({ method, url = '', headers }, body, reply) => {
  const path = url.split('/');
  const last = decodeURIComponent(path.at(-1) ?? '');
  if (!tokens.has(headers.authorization ?? '')) return reply('{"errcode":"M_UNKNOWN_TOKEN"}', 401);
  if (method === 'PUT') {
    const event = room.make(decodeURIComponent(path.at(-2) ?? ''), body);
    log.append({ ...event, transaction: last }, () => reply(`{"event_id":"${event.eventId}"}`));
    return;
  }
  if (path.at(-2) === 'event') return reply(`{"pdus":[${log.find(last) ?? ''}]}`);
  reply(JSON.stringify({ verify_keys: { [KEY_ID]: { key: key.publicKey } } }));
});
