import type { EventId } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { authorityOf, checkAuthChain } from './authorise.ts';
import { inOrderOf } from './vet-all.ts';
import type { Vetted } from './vetted.ts';

/**
 * Stores events without a place in the timeline: they are known for what they authorise. Check 4 decides on each,
 * in auth order. One whose own authority is missing is left out, as nothing can be said of it.
 */
export async function putOutliers(
  env: Environment,
  draft: RoomDraft,
  events: ReadonlyMap<EventId, Vetted>,
): Promise<void> {
  for (const event of inOrderOf(events, authorityOf)) {
    await env.turns.breathe();
    if ((await draft.findEvent(event.eventId)) !== undefined) continue;
    const decision = await checkAuthChain(draft, event);
    if (decision.ok === 'missing') continue;
    draft.putEvent({
      pdu: event,
      place: 'outlier',
      verdict: decision.ok ? 'accepted' : 'rejected',
      rule: decision.ok ? undefined : decision.rule,
      depth: event.depth,
      storedAt: env.clock.now(),
    });
  }
}
