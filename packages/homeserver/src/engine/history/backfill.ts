import type { EventId, RoomId, ServerName } from '@hansa/protocol';
import type { RoomRecord } from '@hansa/storage';
import { authorityOf } from '../funnel/authorise.ts';
import { placeHistory, type HistoryPage } from '../funnel/place-history.ts';
import { putOutliers } from '../funnel/put-outliers.ts';
import { vetAll, type RoomName } from '../funnel/vet-all.ts';
import type { Vetted } from '../funnel/vetted.ts';
import { fetchWithAuthority, orNothing } from '../inbound/fetch-events.ts';
import type { InboundPorts } from '../inbound/inbound-ports.ts';
import { unknownIds } from '../inbound/unknown-ids.ts';
import { bottomsOf, fetchStateBefore } from './state-of-bottoms.ts';

/** Servers that are asked for one page. */
const MAX_SERVERS = 3;

/** Events at the beginning of what we have that are looked at for parents that we lack. */
const MAX_OLDEST = 20;

/** Asks of other servers what lies before our time in a room. One page at a time in a room. */
export class Backfill {
  readonly #ports: InboundPorts;
  readonly #underWay = new Map<RoomId, Promise<boolean>>();

  constructor(ports: InboundPorts) {
    this.#ports = ports;
  }

  /** Whether there is more history than there was. */
  async fetch(roomId: RoomId, limit: number): Promise<boolean> {
    const other = this.#underWay.get(roomId);
    if (other !== undefined) return other;
    const page = this.#fetch(roomId, limit);
    this.#underWay.set(roomId, page);
    try {
      return await page;
    } finally {
      this.#underWay.delete(roomId);
    }
  }

  async #fetch(roomId: RoomId, limit: number): Promise<boolean> {
    const { rooms, events } = this.#ports.readers;
    const room = await rooms.find(roomId);
    if (room?.residence !== 'joined') return false;
    // Between two stays there are no positions left to give.
    const from = Number.MIN_SAFE_INTEGER;
    const oldest = await events.listRange({
      roomId,
      direction: 'forward',
      from,
      limit: MAX_OLDEST,
    });
    if ((await rooms.countSegments(roomId)) > 1) return false;
    const unknown = new Set<EventId>();
    for (const { pdu } of oldest) {
      for (const prev of pdu.prevEvents) {
        if ((await events.find(roomId, prev))?.place !== 'timeline') unknown.add(prev);
      }
    }
    if (unknown.size === 0) return false;
    return this.#ask(room, [...unknown], Math.min(limit, this.#ports.env.limits.backfillPage));
  }

  async #ask(room: RoomRecord, from: readonly EventId[], limit: number): Promise<boolean> {
    const { serverName } = this.#ports.env;
    const joined = await this.#ports.readers.rooms.countJoined(room.roomId);
    const servers = [...joined.keys()].filter((server) => server !== serverName);
    for (const server of servers.slice(0, MAX_SERVERS)) {
      const page = await fetchPage(this.#ports, server, room, from, limit);
      if (page === undefined || page.events.size === 0) continue;
      const { value: placed } = await this.#ports.lanes.run(room.roomId, async (draft) => {
        if (draft.head?.residence !== 'joined') return 0;
        return placeHistory(this.#ports.env, draft, page);
      });
      if (placed > 0) return true;
    }
    return false;
  }
}

/** A page of history with everything that it takes to judge it. */
async function fetchPage(
  ports: InboundPorts,
  server: ServerName,
  room: RoomName,
  from: readonly EventId[],
  limit: number,
): Promise<HistoryPage | undefined> {
  const { roomId } = room;
  const answer = await orNothing(() => ports.federation.backfill(server, roomId, from, limit));
  if (answer === undefined) return undefined;
  const given = await vetAll(ports, room, answer.slice(0, limit));
  const events = await reachable(ports, given, from);
  await fetchAuthority(ports, server, room, events);
  const bottoms = await bottomsOf(ports, room, events);
  return { events, from, stateBefore: await fetchStateBefore(ports, server, room, bottoms) };
}

/** Of what was answered, the events before ours that we do not have. */
async function reachable(
  { readers }: InboundPorts,
  given: ReadonlyMap<EventId, Vetted>,
  from: readonly EventId[],
): Promise<ReadonlyMap<EventId, Vetted>> {
  const reached = new Map<EventId, Vetted>();
  const seen = new Set(from);
  for (const eventId of seen) {
    const event = given.get(eventId);
    if (event === undefined) continue;
    const known = await readers.events.find(event.roomId, eventId);
    if (known?.place === 'timeline') continue;
    reached.set(eventId, event);
    for (const prev of event.prevEvents) seen.add(prev);
  }
  return reached;
}

async function fetchAuthority(
  ports: InboundPorts,
  server: ServerName,
  room: RoomName,
  events: ReadonlyMap<EventId, Vetted>,
): Promise<void> {
  const named = new Set([...events.values()].flatMap(authorityOf));
  const unknown = new Set(await unknownIds(ports, room.roomId, [...named]));
  const inPage = new Map([...events].filter(([eventId]) => unknown.has(eventId)));
  const missing = [...unknown].filter((eventId) => !events.has(eventId));
  const fetched = await fetchWithAuthority(ports, server, room, missing);
  await ports.lanes.run(room.roomId, (draft) =>
    putOutliers(ports.env, draft, new Map([...fetched, ...inPage])),
  );
}
