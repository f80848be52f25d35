import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { JsonObject } from './canonical-json.ts';
import { Destination, signedText } from './destination.ts';
import { DurableLog } from './durable-log.ts';
import { FloorRoom } from './floor-room.ts';
import type { PairSettings } from './pair-settings.ts';
import { listenerOf, serveClients, type Reply } from './serve.ts';
import { checkEvent, floorKey, KEY_ID } from './signed-event.ts';

// The floor of W2, W6 and of receiving, `node pair.ts SETTINGS`: one of two servers. It sends as that of W1 does, hands on by
// signed transactions over one TLS connection, checks what it is handed, and answers long polls.
const settings = JSON.parse(process.argv[2] ?? '') as PairSettings;
const { server, peer } = settings;

const PAGE = 500;

const key = floorKey(server);
const log = new DurableLog(join(settings.folder, 'floor.db'));
const room = new FloorRoom(server, key);
const memberships = new Map(['ada', 'visitor'].map((name) => [`@${name}:${peer.server}`, 'join']));
const peerKeys = { [KEY_ID]: createPublicKey(floorKey(peer.server).privateKey) };
const own = { origin: server, key, authority: readFileSync(settings.authority) };
const destination = settings.sends ? new Destination(log, own, peer) : undefined;

const waiting = new Set<() => void>();

serveClients(settings.clientPort, (call, body, reply) => {
  const { method, url = '', headers } = call;
  if (headers.authorization !== `Bearer ${settings.token}`) return reply('{}', 401);
  if (method !== 'PUT') return sync(url, reply);
  const path = url.split('/');
  const transaction = decodeURIComponent(path.at(-1) ?? '');
  const event = room.make(decodeURIComponent(path.at(-2) ?? ''), body);
  log.append({ ...event, transaction }, () => {
    reply(`{"event_id":"${event.eventId}"}`);
    wake();
    void destination?.sendOn();
  });
});

const tls = { key: readFileSync(settings.key), cert: readFileSync(settings.certificate) };
createServer(
  tls,
  listenerOf((call, body, reply) => receive(call, body, reply)),
).listen(settings.federationPort, '127.0.0.1');
void destination?.sendOn();

function wake(): void {
  const all = [...waiting];
  waiting.clear();
  for (const answer of all) answer();
}

function sync(url: string, reply: Reply): void {
  const query = new URL(url, 'http://floor.invalid').searchParams;
  const since = query.get('since');
  const answer = (): void => {
    const from = Number(since ?? log.position);
    const events = log.entries.slice(from, from + PAGE);
    const shown = events.map(({ eventId, json }) => `{"event_id":"${eventId}",${json.slice(1)}`);
    const room = `"!floor":{"timeline":{"limited":false,"events":[${shown.join(',')}]}}`;
    reply(`{"next_batch":"${from + events.length}","rooms":{"join":{${room}}}}`);
  };
  if (since === null || log.position > Number(since)) answer();
  else {
    waiting.add(answer);
    setTimeout(() => waiting.delete(answer) && answer(), Number(query.get('timeout')));
  }
}

function receive({ url = '', headers }: IncomingMessage, body: string, reply: Reply): void {
  const signature = /sig="([^"]+)"/.exec(headers.authorization ?? '')?.[1] ?? '';
  const bytes = Buffer.from(signedText(peer.server, server, url, body));
  if (!verify(null, bytes, peerKeys[KEY_ID] ?? '', Buffer.from(signature, 'base64'))) {
    return reply('{}', 401);
  }
  const { pdus } = JSON.parse(body) as { readonly pdus: readonly (JsonObject & Pdu)[] };
  const results: string[] = [];
  let missing = pdus.length;
  for (const pdu of pdus) {
    const checked = checkEvent(pdu, peer.server, peerKeys);
    if ('fault' in checked || memberships.get(pdu.sender) !== 'join') return reply('{}', 403);
    results.push(`"${checked.eventId}":{}`);
    const [previous = ''] = pdu.prev_events;
    const event = { ...checked, json: JSON.stringify(pdu), depth: pdu.depth, previous };
    log.append(event, () => {
      missing -= 1;
      if (missing > 0) return;
      reply(`{"pdus":{${results.join(',')}}}`);
      wake();
    });
  }
}

interface Pdu {
  readonly sender: string;
  readonly depth: number;
  readonly prev_events: readonly string[];
}
