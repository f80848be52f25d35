import { mayRedact, powerLevelsOf } from '@hansa/protocol';
import type { Pdu } from '@hansa/protocol';
import type { StateRef } from '@hansa/storage';
import type { KnownEvent } from '../room/known-event.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { lookUpKeys } from './authorise.ts';

export interface RedactionEffect {
  /** It takes effect, waits for its target, or has none. */
  readonly effect: 'redacts' | 'waits' | 'nothing';
  /** Whether anybody sees the event; what is not a redaction is seen. */
  readonly shown: boolean;
}

/**
 * What becomes of an accepted event, should it be a redaction. From version 3 on nobody is shown one that has no
 * effect, or none yet. Source: rooms/v3.md, "Handling redactions".
 */
export async function effectOfRedaction(
  draft: RoomDraft,
  event: Pdu,
  before: StateRef,
): Promise<RedactionEffect> {
  if (event.type !== 'm.room.redaction') return { effect: 'nothing', shown: true };
  const effect = await effectOf(draft, event, before);
  return { effect, shown: effect === 'redacts' || draft.rules.auth.redactionRule };
}

async function effectOf(
  draft: RoomDraft,
  redaction: Pdu,
  before: StateRef,
): Promise<RedactionEffect['effect']> {
  if (redaction.redacts === undefined) return 'nothing';
  const target = await draft.findEvent(redaction.redacts);
  if (target === undefined) return 'waits';
  return (await isAllowed(draft, redaction, before, target.pdu)) ? 'redacts' : 'nothing';
}

/** An event has come that redactions wait for: each takes effect, and is shown, or never will be. */
export async function settleRedactions(draft: RoomDraft, target: Pdu): Promise<void> {
  for (const eventId of await draft.listHeldRedactions(target.eventId)) {
    const redaction = await draft.getEvent(eventId);
    draft.releaseRedaction(eventId, target.eventId);
    const { before } = redaction;
    if (before === undefined || !(await isAllowed(draft, redaction.pdu, before, target))) continue;
    await applyRedaction(draft, redaction.pdu);
    if (redaction.position === undefined) await draft.show(eventId, draft.takePosition());
  }
}

/** The first redaction of an event is the one that it is shown with. */
export async function applyRedaction(draft: RoomDraft, { eventId, redacts }: Pdu): Promise<void> {
  if (redacts === undefined) return;
  const target = await draft.getEvent(redacts);
  if (target.redactedBy === undefined) await draft.redact(redacts, eventId);
}

async function isAllowed(
  draft: RoomDraft,
  redaction: Pdu,
  before: StateRef,
  target: KnownEvent['pdu'],
): Promise<boolean> {
  const lookup = await lookUpKeys(draft, before, [
    ['m.room.create', ''],
    ['m.room.power_levels', ''],
  ]);
  return mayRedact(redaction, target, powerLevelsOf(lookup, draft.rules), draft.rules);
}
