import type { EventId, ServerName } from '@hansa/protocol';
import { isLineFrom } from '../funnel/is-line.ts';
import { putOutliers } from '../funnel/put-outliers.ts';
import type { RoomName } from '../funnel/vet-all.ts';
import type { Vetted } from '../funnel/vetted.ts';
import { fetchWithAuthority, orNothing } from '../inbound/fetch-events.ts';
import type { InboundPorts } from '../inbound/inbound-ports.ts';
import { unknownIds } from '../inbound/unknown-ids.ts';

/** Oldest events of a page whose states are asked for. Those of others stay unknown, and so unseen. */
const MAX_BOTTOMS = 5;

/**
 * The events of a page whose state cannot be computed from the page and what we have: its oldest ones. A page
 * without state events and forks needs none.
 */
export async function bottomsOf(
  { readers }: InboundPorts,
  { roomId }: RoomName,
  events: ReadonlyMap<EventId, Vetted>,
): Promise<readonly EventId[]> {
  const floor = (await readers.rooms.find(roomId))?.floor.parent;
  const isLine = floor !== undefined && isLineFrom(floor, events);
  if (isLine && [...events.values()].every(({ stateKey }) => stateKey === undefined)) return [];
  const bottoms: EventId[] = [];
  for (const { eventId, prevEvents } of events.values()) {
    for (const prev of prevEvents) {
      if (events.has(prev)) continue;
      if ((await readers.events.find(roomId, prev))?.after !== undefined) continue;
      bottoms.push(eventId);
      break;
    }
  }
  return bottoms.slice(0, MAX_BOTTOMS);
}

/** Ids of the states before events, as far as a server tells them; their events are stored as outliers then. */
export async function fetchStateBefore(
  ports: InboundPorts,
  server: ServerName,
  room: RoomName,
  eventIds: readonly EventId[],
): Promise<ReadonlyMap<EventId, readonly EventId[]>> {
  const { env, federation, lanes } = ports;
  const { roomId } = room;
  const states = new Map<EventId, readonly EventId[]>();
  for (const eventId of eventIds) {
    const ids = await orNothing(() => federation.stateIds(server, roomId, eventId));
    if (ids === undefined || ids.state.length > env.limits.fetchedState) continue;
    const missing = await unknownIds(ports, roomId, ids.state);
    const fetched = await fetchWithAuthority(ports, server, room, missing);
    await lanes.run(roomId, (draft) => putOutliers(env, draft, fetched));
    states.set(eventId, ids.state);
  }
  return states;
}
