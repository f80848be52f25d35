import type { EventId } from '@hansa/protocol';
import type { StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { applyRedaction, effectOfRedaction, settleRedactions } from './redactions.ts';
import type { Vetted } from './vetted.ts';

export interface Historic {
  readonly verdict: 'accepted' | 'rejected';
  readonly rule?: string;
  readonly position: number;
  /** Undefined where nobody told us: then nobody is shown it. */
  readonly before: StateRef | undefined;
  readonly after: StateRef | undefined;
  readonly replaces: EventId | undefined;
  /** Its parents are not known either. */
  readonly claimed: boolean;
  /** The state whose power levels decide about redactions where the one before is not readable yet. */
  readonly decidedBy: StateRef | undefined;
}

/** Stores an event from before our time. It moves nothing: no extremity, no member, no state of today. */
export async function putHistoric(
  env: Environment,
  draft: RoomDraft,
  event: Vetted,
  { verdict, rule, position, before, after, replaces, claimed, decidedBy }: Historic,
): Promise<void> {
  const isSeen = verdict === 'accepted' && before !== undefined;
  const { effect } =
    isSeen && decidedBy !== undefined
      ? await effectOfRedaction(draft, event, decidedBy)
      : { effect: 'nothing' };
  draft.putEvent({
    pdu: event,
    place: 'timeline',
    verdict,
    rule,
    position: isSeen ? position : undefined,
    depth: event.depth,
    before,
    after,
    claimed,
    replaces,
    storedAt: env.clock.now(),
  });
  if (effect === 'redacts') await applyRedaction(draft, event);
  if (effect === 'waits' && event.redacts !== undefined) {
    draft.holdRedaction(event.eventId, event.redacts);
  }
  await settleRedactions(draft, event);
}
