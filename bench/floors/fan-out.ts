import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Destination } from './destination.ts';
import { DurableLog } from './durable-log.ts';
import type { FanOutSettings } from './fan-out-settings.ts';
import { FloorRoom } from './floor-room.ts';
import { serveClients } from './serve.ts';
import { floorKey } from './signed-event.ts';

// The floor of W5, `node fan-out.ts SETTINGS`: it sends as that of W1 does, and hands each event on to many servers.
const settings = JSON.parse(process.argv[2] ?? '') as FanOutSettings;

const key = floorKey(settings.server);
const log = new DurableLog(join(settings.folder, 'floor.db'));
const room = new FloorRoom(settings.server, key);
const own = { origin: settings.server, key, authority: readFileSync(settings.authority) };
const destinations = settings.to.map((place) => new Destination(log, own, place));

serveClients(settings.clientPort, ({ url = '', headers }, body, reply) => {
  if (headers.authorization !== `Bearer ${settings.token}`) return reply('{}', 401);
  const path = url.split('/');
  const transaction = decodeURIComponent(path.at(-1) ?? '');
  const event = room.make(decodeURIComponent(path.at(-2) ?? ''), body);
  log.append({ ...event, transaction }, () => {
    reply(`{"event_id":"${event.eventId}"}`);
    for (const destination of destinations) void destination.sendOn();
  });
});
