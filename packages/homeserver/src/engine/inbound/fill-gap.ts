import type { EventId, Pdu, ServerName } from '@hansa/protocol';
import { append, type Outcome } from '../funnel/append.ts';
import { inOrderOf, vetAll } from '../funnel/vet-all.ts';
import type { Vetted } from '../funnel/vetted.ts';
import { claimStates } from './claim-states.ts';
import { fetchAuthEvents } from './fetch-auth-events.ts';
import { orNothing } from './fetch-events.ts';
import type { InboundPorts } from './inbound-ports.ts';

/**
 * Pulls what lies between our end of the room and an event that was pushed to us: question by question, until the
 * events join on to what we have. Where they do not, the oldest of them take the state of the server's word; the
 * pushed event itself never does. Answers whether anything has found its place.
 */
export async function fillGap(
  ports: InboundPorts,
  server: ServerName,
  pushed: Pdu,
): Promise<boolean> {
  const pulled = await pull(ports, server, pushed);
  if (pulled.size === 0) return false;
  const ordered = inOrderOf(pulled, ({ prevEvents }) => prevEvents);
  let placed = false;
  for (const event of ordered) {
    const outcome = await appendPulled(ports, server, event);
    if (outcome?.kind === 'appended') placed = true;
  }
  return placed;
}

/** Events before the pushed one that we lack, bounded in number and in questions. */
async function pull(
  ports: InboundPorts,
  server: ServerName,
  { roomId, rules, eventId, prevEvents }: Pdu,
): Promise<ReadonlyMap<EventId, Vetted>> {
  const { limits } = ports.env;
  const { rooms, events } = ports.store.readers;
  const earliest = await rooms.listExtremities(roomId);
  const pulled = new Map<EventId, Vetted>();
  let latest: readonly EventId[] = [eventId];
  let wanted = new Set<EventId>(prevEvents);
  for (let round = 0; round < limits.missingRounds && wanted.size > 0; round += 1) {
    const query = { roomId, earliest, latest, limit: limits.missingEvents, minDepth: 0 };
    const answer = await orNothing(() => ports.federation.getMissingEvents(server, query));
    const page = await vetAll(
      (answer ?? []).slice(0, limits.missingEvents),
      rules,
      roomId,
      ports.signatures,
    );
    const before = pulled.size;
    for (const event of page.values())
      if (event.eventId !== eventId) pulled.set(event.eventId, event);
    if (pulled.size === before) break;
    const oldest = await lackingParents(events, pulled);
    wanted = new Set(oldest.flatMap(({ missing }) => missing));
    latest = oldest.map(({ event }) => event.eventId);
  }
  return pulled;
}

async function lackingParents(
  events: InboundPorts['store']['readers']['events'],
  pulled: ReadonlyMap<EventId, Vetted>,
): Promise<readonly { readonly event: Vetted; readonly missing: readonly EventId[] }[]> {
  const lacking: { event: Vetted; missing: EventId[] }[] = [];
  for (const event of pulled.values()) {
    const missing: EventId[] = [];
    for (const prev of event.prevEvents) {
      if (pulled.has(prev)) continue;
      const known = await events.find(event.roomId, prev);
      if (known?.place !== 'timeline') missing.push(prev);
    }
    if (missing.length > 0) lacking.push({ event, missing });
  }
  return lacking;
}

async function appendPulled(
  ports: InboundPorts,
  server: ServerName,
  event: Vetted,
): Promise<Outcome | undefined> {
  let outcome = await tryAppend(ports, event);
  if (outcome?.kind === 'missing' && outcome.auth.length > 0) {
    await fetchAuthEvents(ports, server, event, outcome.auth);
    outcome = await tryAppend(ports, event);
  }
  if (outcome?.kind !== 'missing' || outcome.auth.length > 0) return outcome;
  return claimStates(ports, server, event, outcome.parents);
}

async function tryAppend(
  { env, lanes }: InboundPorts,
  event: Vetted,
): Promise<Outcome | undefined> {
  const { value } = await lanes.run(event.roomId, async (draft) =>
    draft.head?.residence === 'joined' ? append(env, draft, event) : undefined,
  );
  return value;
}
