import { StateMap } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import { isRejected } from './known-event.ts';
import type { RoomDraft } from './room-draft.ts';

/** The state that these events make, the later over the earlier: those of them that are here, and not rejected. */
export async function knownState(
  draft: RoomDraft,
  eventIds: Iterable<EventId>,
): Promise<StateMap<EventId>> {
  const state = new StateMap<EventId>();
  for (const eventId of eventIds) {
    const known = await draft.findEvent(eventId);
    if (known === undefined || isRejected(known) || known.pdu.stateKey === undefined) continue;
    state.set(known.pdu.type, known.pdu.stateKey, eventId);
  }
  return state;
}
