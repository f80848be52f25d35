import { RemoteServerError } from '@hansa/net';
import type { EventId, JsonObject, ServerName } from '@hansa/protocol';
import { authorityOf } from '../funnel/authorise.ts';
import { vetAll, type RoomName } from '../funnel/vet-all.ts';
import type { Vetted } from '../funnel/vetted.ts';
import type { InboundPorts } from './inbound-ports.ts';
import { unknownIds } from './unknown-ids.ts';

/**
 * Events by their ids, and what they name as their authority, until all of that is known. Those that cannot be had,
 * or do not pass checks 1 to 3, are left out; `lacking` is given those of them that may be had and pass another time.
 */
export async function fetchWithAuthority(
  ports: InboundPorts,
  server: ServerName,
  room: RoomName,
  eventIds: readonly EventId[],
  lacking?: EventId[],
): Promise<ReadonlyMap<EventId, Vetted>> {
  const fetched = new Map<EventId, Vetted>();
  const asked = new Set<EventId>();
  let wanted: readonly EventId[] = eventIds;
  while (wanted.length > 0 && asked.size < ports.env.limits.fetchedState) {
    for (const eventId of wanted) asked.add(eventId);
    const page = await fetchEach(ports, server, room, wanted, lacking);
    const further = new Set<EventId>();
    for (const event of page) {
      fetched.set(event.eventId, event);
      const unknown = await unknownIds(ports, room.roomId, authorityOf(event));
      for (const auth of unknown) if (!asked.has(auth)) further.add(auth);
    }
    wanted = [...further];
  }
  lacking?.push(...wanted);
  return fetched;
}

async function fetchEach(
  ports: InboundPorts,
  server: ServerName,
  room: RoomName,
  eventIds: readonly EventId[],
  lacking: EventId[] | undefined,
): Promise<readonly Vetted[]> {
  const found: Vetted[] = [];
  const atOnce = ports.env.limits.fetchesAtOnce;
  for (let from = 0; from < eventIds.length; from += atOnce) {
    const page = eventIds.slice(from, from + atOnce);
    const events = await Promise.all(
      page.map((eventId) => orNothing(() => ports.federation.event(server, eventId))),
    );
    const present = events.filter((event) => event !== undefined);
    const unchecked: JsonObject[] = [];
    const vetted = await vetAll(ports, room, present, { notaries: [server], unchecked });
    for (const [n, eventId] of page.entries()) {
      const event = events[n];
      if (event === undefined || unchecked.includes(event)) lacking?.push(eventId);
    }
    // What was not asked for is not taken.
    for (const event of vetted.values()) if (page.includes(event.eventId)) found.push(event);
  }
  return found;
}

/** That another server does not answer is no failure of ours. */
export async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RemoteServerError) return undefined;
    throw error;
  }
}
