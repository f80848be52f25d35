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

/** Events at the beginning of what we have, or behind a gap, that are looked at for parents that we lack. */
const MAX_OLDEST = 20;

interface Page {
  readonly below: number | undefined;
  readonly placed: Promise<boolean>;
}

/** Where a page goes. */
interface Target {
  readonly from: readonly EventId[];
  readonly limit: number;
  readonly below: number | undefined;
}

/** Asks of other servers what lies before our time in a room, or in gaps of it. One page at a time in a room. */
export class Backfill {
  readonly #ports: InboundPorts;
  readonly #underWay = new Map<RoomId, Page>();

  constructor(ports: InboundPorts) {
    this.#ports = ports;
  }

  /** Whether there is more history than there was: before all that we have, or before the event at `below`. */
  async fetch(roomId: RoomId, limit: number, below?: number): Promise<boolean> {
    const other = this.#underWay.get(roomId);
    if (other !== undefined && other.below === below) return other.placed;
    // How the other one ends is told to who asked for it.
    const before = other?.placed.catch(() => false) ?? Promise.resolve(false);
    const page = { below, placed: before.then(() => this.#fetch(roomId, limit, below)) };
    this.#underWay.set(roomId, page);
    try {
      return await page.placed;
    } finally {
      if (this.#underWay.get(roomId) === page) this.#underWay.delete(roomId);
    }
  }

  async #fetch(roomId: RoomId, limit: number, below: number | undefined): Promise<boolean> {
    const room = await this.#ports.readers.rooms.find(roomId);
    if (room?.residence !== 'joined') return false;
    const free = below === undefined ? undefined : await this.#freeBelow(roomId, below);
    const most = Math.min(limit, this.#ports.env.limits.backfillPage, free ?? limit);
    if (most < 1) return false;
    const from = await this.#missingParents(roomId, below);
    if (from.length === 0) return false;
    const target = { from, limit: most, below: free === undefined ? undefined : below };
    return this.#ask(room, target);
  }

  /** Positions between the event and the one before it; undefined where there is none before it. */
  async #freeBelow(roomId: RoomId, below: number): Promise<number | undefined> {
    const query = { roomId, direction: 'backward', from: below, limit: 1 } as const;
    const [previous] = await this.#ports.readers.events.listRange(query);
    return previous?.position === undefined ? undefined : below - previous.position - 1;
  }

  async #missingParents(roomId: RoomId, at: number | undefined): Promise<readonly EventId[]> {
    const { events } = this.#ports.readers;
    const from = at === undefined ? Number.MIN_SAFE_INTEGER : at - 1;
    const oldest = await events.listRange({
      roomId,
      direction: 'forward',
      from,
      limit: MAX_OLDEST,
    });
    const missing = new Set<EventId>();
    for (const { pdu } of oldest) {
      for (const prev of pdu.prevEvents) {
        if ((await events.find(roomId, prev))?.place !== 'timeline') missing.add(prev);
      }
    }
    return [...missing];
  }

  async #ask(room: RoomRecord, target: Target): Promise<boolean> {
    const { serverName } = this.#ports.env;
    const joined = await this.#ports.readers.rooms.countJoined(room.roomId);
    const servers = [...joined.keys()].filter((server) => server !== serverName);
    for (const server of servers.slice(0, MAX_SERVERS)) {
      const page = await fetchPage(this.#ports, server, room, target);
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
  { from, limit, below }: Target,
): Promise<HistoryPage | undefined> {
  const { roomId } = room;
  const answer = await orNothing(() => ports.federation.backfill(server, roomId, from, limit));
  if (answer === undefined) return undefined;
  const given = await vetAll(ports, room, answer.slice(0, limit), { notaries: [server] });
  const events = await reachable(ports, given, from);
  await fetchAuthority(ports, server, room, events);
  const bottoms = await bottomsOf(ports, room, events);
  const stateBefore = await fetchStateBefore(ports, server, room, bottoms);
  return { events, from, below, stateBefore };
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
