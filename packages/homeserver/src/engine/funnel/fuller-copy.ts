import { checkContentHash } from '@hansa/protocol';
import type { RoomDraft } from '../room/room-draft.ts';
import { asVetted, type Vetted } from './vetted.ts';

/**
 * The copy of an event that its content hash covers: the one that we hold, where what came now is pruned. Servers give out
 * redacted events so, and others may prune what nobody redacted: what is known of an event is not lost by that, as rules may
 * go by it (before version 11 the level for invites is pruned). A redaction that counts hides it from people all the same.
 */
export async function fullerCopy(draft: RoomDraft, event: Vetted): Promise<Vetted> {
  if (checkContentHash(event.json).ok) return event;
  const known = (await draft.findEvent(event.eventId))?.pdu;
  return known !== undefined && checkContentHash(known.json).ok ? asVetted(known) : event;
}
