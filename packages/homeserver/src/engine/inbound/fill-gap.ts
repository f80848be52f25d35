import type { EventId, Pdu, ServerName } from '@hansa/protocol';
import { append } from '../funnel/append.ts';
import type { Outcome } from '../funnel/outcome.ts';
import { inOrderOf, vetAll } from '../funnel/vet-all.ts';
import { stageEvent } from '../funnel/stage-event.ts';
import type { Vetted } from '../funnel/vetted.ts';
import { claimStates } from './claim-states.ts';
import { fetchAuthEvents } from './fetch-auth-events.ts';
import { orNothing } from './fetch-events.ts';
import type { InboundPorts } from './inbound-ports.ts';

/**
 * Pulls what lies between our end of the room and an event that was pushed to us: question by question, until the
 * events join on to what we have. Where they do not, the oldest of them take the state of the server's word; the
 * pushed event itself never does. `attempts` were in vain before. Answers whether anything has found its place.
 */
export async function fillGap(
  ports: InboundPorts,
  server: ServerName,
  pushed: Pdu,
  attempts: number,
): Promise<boolean> {
  const pulled = await pull(ports, server, pushed);
  if (pulled.size === 0) return false;
  const ordered = inOrderOf(pulled, ({ prevEvents }) => prevEvents);
  let placed = false;
  for (const event of ordered) {
    const outcome = await appendPulled(ports, server, event, attempts);
    if (outcome?.kind === 'appended') placed = true;
    // It comes in with what merges it, which looks for it in the stage.
    if (outcome?.kind === 'waits' && (await stagePulled(ports, server, event))) placed = true;
  }
  return placed;
}

/** Events before the pushed one that we lack, bounded in number and in questions. */
async function pull(
  ports: InboundPorts,
  server: ServerName,
  pushed: Pdu,
): Promise<ReadonlyMap<EventId, Vetted>> {
  const { limits } = ports.env;
  const { roomId } = pushed;
  const earliest = await ports.readers.rooms.listExtremities(roomId);
  const answered = new Map<EventId, Vetted>();
  let gap = await measureGap(ports, pushed, answered);
  for (let round = 0; round < limits.missingRounds && gap.open.length > 0; round += 1) {
    const query = { roomId, earliest, latest: gap.open, limit: limits.missingEvents, minDepth: 0 };
    const answer = await orNothing(() => ports.federation.getMissingEvents(server, query));
    const page = (answer ?? []).slice(0, limits.missingEvents);
    const before = gap.pulled.size;
    const vetted = await vetAll(ports, pushed, page, { notaries: [server] });
    for (const event of vetted.values()) {
      answered.set(event.eventId, event);
    }
    gap = await measureGap(ports, pushed, answered);
    if (gap.pulled.size === before) break;
  }
  return gap.pulled;
}

interface Gap {
  /** Unknown events on the way from the pushed one to what we know. */
  readonly pulled: ReadonlyMap<EventId, Vetted>;
  /** Those, or the pushed one, that still have parents which nobody has given us. */
  readonly open: readonly EventId[];
}

async function measureGap(
  { readers }: InboundPorts,
  pushed: Pdu,
  answered: ReadonlyMap<EventId, Vetted>,
): Promise<Gap> {
  const { roomId } = pushed;
  const floor = (await readers.rooms.find(roomId))?.floor;
  const pulled = new Map<EventId, Vetted>();
  const open = new Set<EventId>();
  const seen = new Map<EventId, Pdu>([[pushed.eventId, pushed]]);
  for (const event of seen.values()) {
    // What lies further back than our time in the room is history, and comes when somebody asks for it.
    if (event !== pushed && event.depth < (floor?.depth ?? 0)) continue;
    for (const prev of event.prevEvents) {
      const isFloor = prev === floor?.parent;
      if (isFloor || (await readers.events.find(roomId, prev))?.after !== undefined) continue;
      const given = answered.get(prev);
      if (given === undefined) open.add(event.eventId);
      else {
        pulled.set(prev, given);
        seen.set(prev, given);
      }
    }
  }
  return { pulled, open: [...open] };
}

async function appendPulled(
  ports: InboundPorts,
  server: ServerName,
  event: Vetted,
  attempts: number,
): Promise<Outcome | undefined> {
  let outcome = await tryAppend(ports, event);
  if (outcome?.kind === 'missing' && outcome.auth.length > 0) {
    await fetchAuthEvents(ports, server, event, outcome.auth);
    outcome = await tryAppend(ports, event);
  }
  if (outcome?.kind !== 'missing' || outcome.auth.length > 0) return outcome;
  return claimStates(ports, server, event, { parents: outcome.parents, attempts });
}

/** Whether it is staged now, and was not before. */
async function stagePulled(
  { env, lanes }: InboundPorts,
  server: ServerName,
  event: Vetted,
): Promise<boolean> {
  const { value } = await lanes.run(event.roomId, async (draft) => {
    if (draft.head?.residence !== 'joined' || (await draft.isStaged(event.eventId))) return false;
    return (await stageEvent(env, draft, event, server)) === undefined;
  });
  return value;
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
