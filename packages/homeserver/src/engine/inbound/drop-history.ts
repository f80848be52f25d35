import type { EventId } from '@hansa/protocol';
import { isReached } from '../funnel/extremities.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { Blocked } from './blocked.ts';
import type { InboundPorts } from './inbound-ports.ts';

/**
 * Drops what led to our own coming in, sent while we did: it is fetched when somebody reads so far back. What such an event
 * follows is dropped with it, or nothing would tell any more that it is no end of the room. Given parents before children;
 * answers the others.
 */
export async function dropHistory(
  { lanes, env }: InboundPorts,
  lacking: readonly Blocked[],
): Promise<readonly Blocked[]> {
  const [first] = lacking;
  if (first === undefined) return [];
  const { value: rest } = await lanes.run(first.staged.roomId, async (draft) => {
    const left: Blocked[] = [];
    const leading = new Set<EventId>();
    for (const entry of lacking.toReversed()) {
      await env.turns.breathe();
      const { eventId, prevEvents } = entry.pdu;
      if (await isHistory(draft, entry, leading)) {
        for (const parent of prevEvents) leading.add(parent);
        draft.write(({ stage }) => stage.delete(draft.roomId, eventId));
      } else left.push(entry);
    }
    return left.toReversed();
  });
  return rest;
}

async function isHistory(
  draft: RoomDraft,
  { pdu, auth, parents }: Blocked,
  leading: ReadonlySet<EventId>,
): Promise<boolean> {
  if (auth.length + parents.length === 0 || draft.head?.residence !== 'joined') return false;
  if (pdu.depth >= draft.getHead().floor.depth) return false;
  return leading.has(pdu.eventId) || (await isReached(draft, pdu.eventId));
}
