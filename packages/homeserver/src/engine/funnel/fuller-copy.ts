import { checkContentHash } from '@hansa/protocol';
import type { KnownEvent } from '../room/known-event.ts';
import { asVetted, type Vetted } from './vetted.ts';

/**
 * The copy of an event that its content hash covers: the one that we hold, where what came now is pruned. Servers give out
 * redacted events so, and others may prune what nobody redacted: what is known of an event is not lost by that, as rules may
 * go by it (before version 11 the level for invites is pruned). A redaction that counts hides it from people all the same.
 */
export function fullerCopy(known: KnownEvent | undefined, arrived: Vetted): Vetted {
  if (known === undefined || checkContentHash(arrived.json).ok) return arrived;
  return checkContentHash(known.pdu.json).ok ? asVetted(known.pdu) : arrived;
}
