import type { EventId, Pdu, ServerName } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';

/** What a transaction's answer says of one PDU: `undefined` is accepted or staged. */
export type ReceiveAnswer = { readonly error: string } | undefined;

export const NOT_IN_ROOM = { error: 'this server is not in the room' } as const;

export const STAGE_IS_FULL = { error: 'too many events of this room wait for others' } as const;

/** Held durably until what it needs is here, so that the origin may forget it. */
export async function stageEvent(
  env: Environment,
  draft: RoomDraft,
  pdu: Pdu,
  origin: ServerName,
): Promise<ReceiveAnswer> {
  // Beyond the bound it is not kept. What comes later names it, and it is asked for then.
  if (!(await hasRoom(env, draft, pdu.eventId, origin))) return STAGE_IS_FULL;
  draft.stage(pdu, origin, env.clock.now());
  return undefined;
}

/**
 * Whether the stage takes one more of this server. Each that is in the room has its share, by the number of those that
 * have something staged, so that none fills it for the others; whoever is not in it has little.
 */
async function hasRoom(
  { limits }: Environment,
  draft: RoomDraft,
  eventId: EventId,
  origin: ServerName,
): Promise<boolean> {
  if (await draft.isStaged(eventId)) return true;
  const counts = await draft.countStaged();
  const own = counts.get(origin) ?? 0;
  const { head } = draft;
  // Who is in the room is not known while we join it.
  if (head?.residence !== 'joined') return sum(counts.values()) < limits.stagedInRoom;
  if (head.joined.has(origin)) {
    const sharing = new Set([origin, ...counts.keys()].filter((name) => head.joined.has(name)));
    return own < limits.stagedInRoom / sharing.size;
  }
  const outsiders = [...counts].filter(([name]) => !head.joined.has(name));
  const all = sum(outsiders.map(([, count]) => count));
  return own < limits.stagedFromOutsider && all < limits.stagedFromOutsiders;
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
