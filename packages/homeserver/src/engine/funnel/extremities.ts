import { serverOf } from '@hansa/protocol';
import type { EventId, Pdu } from '@hansa/protocol';
import type { StateRef } from '@hansa/storage';
import type { RoomDraft } from '../room/room-draft.ts';
import type { Extremity } from '../room/room-head.ts';

/** Hidden events between an event and its accepted ancestors, or descendants, that are walked through. */
const MAX_HIDDEN = 1_000;

/**
 * Whether an accepted event is an end of the room as it comes in. It is none where an accepted event that reaches it
 * came before it, over a gap. What we have on somebody's word, or from before our time in the room, is none either: it
 * counts by what follows it, or anybody could make an end of the room of its create event.
 */
export async function isEnd(
  draft: RoomDraft,
  { eventId, prevEvents }: Parented,
  claimed: boolean,
): Promise<boolean> {
  if (claimed) return false;
  if (prevEvents.length === 0 && draft.getHead().extremities.size > 0) return false;
  return !(await isReached(draft, eventId));
}

/**
 * The forward extremities once an accepted event is in that is an end. It takes the place of those that it reaches,
 * directly or through rejected and soft-failed events.
 */
export async function extremitiesWith(
  draft: RoomDraft,
  pdu: Pdu,
  depth: number,
  after: StateRef,
): Promise<ReadonlyMap<EventId, Extremity>> {
  const extremities = new Map(draft.getHead().extremities);
  for (const eventId of await acceptedAncestors(draft, pdu)) extremities.delete(eventId);
  extremities.set(pdu.eventId, { depth, after, server: serverOf(pdu.sender) });
  return extremities;
}

/**
 * The forward extremities once an accepted event is in that is no end, as others that follow it came before it. Those that
 * it reaches are reached by them now; where all of those rest on claims, ends that we had stay.
 */
export async function extremitiesBehind(
  draft: RoomDraft,
  pdu: Parented,
): Promise<ReadonlyMap<EventId, Extremity>> {
  const { extremities } = draft.getHead();
  if (!(await isFollowed(draft, pdu.eventId, 'soundly'))) return extremities;
  const left = new Map(extremities);
  for (const eventId of await acceptedAncestors(draft, pdu)) left.delete(eventId);
  return left;
}

/** What an event's place in the graph is told from. */
export type Parented = Pick<Pdu, 'eventId' | 'prevEvents' | 'sender'>;

/** Whether there will be one extremity more once the event is in. */
export async function willFork(draft: RoomDraft, pdu: Parented): Promise<boolean> {
  const { extremities } = draft.getHead();
  if (pdu.prevEvents.some((eventId) => extremities.has(eventId))) return false;
  for (const eventId of await acceptedAncestors(draft, pdu)) {
    if (extremities.has(eventId)) return false;
  }
  return !(await isReached(draft, pdu.eventId));
}

async function acceptedAncestors(draft: RoomDraft, pdu: Parented): Promise<ReadonlySet<EventId>> {
  const accepted = new Set<EventId>();
  await walk(pdu.prevEvents, async (eventId) => {
    const event = await draft.findEvent(eventId);
    if (event === undefined || event.place === 'outlier') return [];
    if (event.verdict !== 'accepted') return event.pdu.prevEvents;
    accepted.add(eventId);
    return [];
  });
  return accepted;
}

/**
 * Whether an accepted event follows it, directly or over hidden ones. One that we have on somebody's word is no end itself,
 * so what it follows is one until something follows both. The join that began our stay anew is marked as such a one, for
 * the gap before it, and is an end all the same.
 */
export function isReached(draft: RoomDraft, eventId: EventId): Promise<boolean> {
  return isFollowed(draft, eventId, 'over claims');
}

async function isFollowed(
  draft: RoomDraft,
  eventId: EventId,
  how: 'over claims' | 'soundly',
): Promise<boolean> {
  const { extremities } = draft.getHead();
  let followed = false;
  await walk(await draft.listChildren(eventId), async (childId) => {
    const child = await draft.findEvent(childId);
    if (child?.verdict === 'accepted' && !child.claimed) followed = true;
    if (extremities.has(childId)) followed = true;
    const goesOn = !followed && (how === 'over claims' || child?.claimed !== true);
    return goesOn ? draft.listChildren(childId) : [];
  });
  return followed;
}

async function walk(
  from: readonly EventId[],
  next: (eventId: EventId) => Promise<readonly EventId[]>,
): Promise<void> {
  const seen = new Set(from);
  for (const eventId of seen) {
    if (seen.size > MAX_HIDDEN) return;
    // A set is walked in the order of adding, what is added on the way included.
    for (const further of await next(eventId)) seen.add(further);
  }
}
