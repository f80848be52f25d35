import { serverOf } from '@hansa/protocol';
import type { EventId, ServerName } from '@hansa/protocol';
import { append } from '../funnel/append.ts';
import { hasMadeItsShare } from '../funnel/fork-bound.ts';
import { inOrderOf } from '../funnel/vet-all.ts';
import type { Vetted } from '../funnel/vetted.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { dropStaged, mayAnyBring } from './append-staged.ts';
import type { Blocked } from './blocked.ts';
import { deferOrDrop, isDue } from './defer-staged.ts';
import type { InboundPorts } from './inbound-ports.ts';

/** Events whose signatures are under way at a time. */
const AT_ONCE = 50;

/** The last of the events was not accepted, or merges less than comes with it: none of them comes in. */
class NotMergedError extends Error {
  override readonly name = 'NotMergedError';
}

/**
 * Forks that wait, brought in together with an event that merges them: one of a server that has not made its share of
 * the room's forks. All of them or none, in one commit, so that the room has no more forks for it than that server may
 * add. Servers whose event was none such are noted: one attempt of each is all that a run makes. Without this, what
 * follows a fork that waits would wait as long, and with it whoever merges forks elsewhere.
 */
export async function bringMerged(
  ports: InboundPorts,
  failing: Set<ServerName>,
  blocked: readonly Blocked[],
): Promise<boolean> {
  const [first] = blocked;
  if (first === undefined || !blocked.some(({ waits }) => waits)) return false;
  const { roomId } = first.staged;
  const merging = blocked.filter(({ waits, staged }) => !waits && isDue(ports, staged));
  const senders = new Set(merging.map(({ pdu }) => serverOf(pdu.sender)));
  const { value: modest } = await ports.lanes.run(roomId, async (draft) =>
    modestServers(ports, draft, senders),
  );
  const waitsFor = new Map(blocked.map((entry) => [entry.pdu.eventId, entry]));
  const brought = new Set<EventId>();
  // Who was tried often has been no help so far.
  for (const last of merging.toSorted((a, b) => a.staged.attempts - b.staged.attempts)) {
    await ports.env.turns.breathe();
    const server = serverOf(last.pdu.sender);
    if (brought.has(last.pdu.eventId) || !modest.has(server) || failing.has(server)) continue;
    const group = groupOf(last, waitsFor, brought, ports.env.limits.mergedTogether);
    if (group === undefined) continue;
    if (await bringIn(ports, group, last)) {
      for (const { pdu } of group) brought.add(pdu.eventId);
    } else {
      failing.add(server);
      await deferOrDrop(ports, [last.staged]);
    }
  }
  return brought.size > 0;
}

function modestServers(
  { env }: InboundPorts,
  draft: RoomDraft,
  servers: ReadonlySet<ServerName>,
): ReadonlySet<ServerName> {
  if (draft.head?.residence !== 'joined') return new Set();
  return new Set([...servers].filter((server) => !hasMadeItsShare(env, draft, server)));
}

/** The event with all that it lacks, where all of that is staged, and among it forks that wait. */
function groupOf(
  last: Blocked,
  staged: ReadonlyMap<EventId, Blocked>,
  brought: ReadonlySet<EventId>,
  limit: number,
): readonly Blocked[] | undefined {
  const group = new Set([last]);
  // A set is walked in the order of adding, what is added on the way included.
  for (const { pdu, waits, auth, parents } of group) {
    // Of what waits, nobody has looked at the auth events.
    const lacks = waits ? pdu.authEvents.filter((id) => staged.has(id)) : [...auth, ...parents];
    if (!waits && lacks.length === 0) return undefined;
    for (const eventId of lacks) {
      if (brought.has(eventId)) continue;
      const entry = staged.get(eventId);
      if (entry === undefined) return undefined;
      group.add(entry);
      if (group.size > limit) return undefined;
    }
  }
  const all = [...group];
  return all.some(({ waits }) => waits) ? all : undefined;
}

/** Whether they have come in. */
async function bringIn(
  ports: InboundPorts,
  group: readonly Blocked[],
  last: Blocked,
): Promise<boolean> {
  const events = await vetGroup(ports, group);
  if (events === undefined) return false;
  const { roomId } = last.staged;
  try {
    await ports.lanes.run(roomId, (draft) => placeGroup(ports, draft, group, events, last));
    return true;
  } catch (error) {
    // The lane has given up all that was decided with it.
    if (error instanceof NotMergedError) return false;
    throw error;
  }
}

/** Undefined where one of them does not pass checks 1 to 3, or not now. */
async function vetGroup(
  ports: InboundPorts,
  group: readonly Blocked[],
): Promise<ReadonlyMap<EventId, Vetted> | undefined> {
  const events = new Map<EventId, Vetted>();
  for (let from = 0; from < group.length; from += AT_ONCE) {
    const page = group.slice(from, from + AT_ONCE);
    const vettings = await Promise.all(
      page.map(({ staged, pdu }) => ports.staged.vet(staged, pdu)),
    );
    for (const [n, vetting] of vettings.entries()) {
      const staged = page[n]?.staged;
      if (vetting.ok === false && staged !== undefined) await dropStaged(ports, staged);
      if (vetting.ok !== true) return undefined;
      events.set(vetting.event.eventId, vetting.event);
    }
  }
  return events;
}

async function placeGroup(
  { env }: InboundPorts,
  draft: RoomDraft,
  group: readonly Blocked[],
  events: ReadonlyMap<EventId, Vetted>,
  last: Blocked,
): Promise<void> {
  if (draft.head?.residence !== 'joined') throw new NotMergedError();
  const { roomId } = draft;
  const sender = serverOf(last.pdu.sender);
  const more = hasMadeItsShare(env, draft, sender) ? 0 : 1;
  const limit = draft.getHead().extremities.size + more;
  for (const { staged } of group) {
    if (!(await mayAnyBring(env, draft, staged.origins))) throw new NotMergedError();
  }
  const references = ({ prevEvents, authEvents }: Vetted) => [...prevEvents, ...authEvents];
  for (const event of inOrderOf(events, references)) {
    await env.turns.breathe();
    const { kind } = await append(env, draft, event, { isMerged: true });
    if (kind === 'missing' || kind === 'left') throw new NotMergedError();
    draft.write(({ stage }) => stage.delete(roomId, event.eventId));
  }
  const { verdict } = await draft.getEvent(last.pdu.eventId);
  if (verdict !== 'accepted' || draft.getHead().extremities.size > limit) {
    throw new NotMergedError();
  }
}
