import { mayRedact, powerLevelsOf } from '@hansa/protocol';
import type { JsonObject } from '@hansa/protocol';
import type { Position } from '@hansa/storage';
import { forbidden, notFound } from '../../matrix-error.ts';
import type { Environment } from '../environment.ts';
import { appendOwn } from '../funnel/append-own.ts';
import { lookUpKeys } from '../funnel/authorise.ts';
import type { Appended, EventIntent } from '../intents.ts';
import { positionIn } from '../lane/lane.ts';
import type { Lanes } from '../lane/lanes.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { tellTarget } from './tell-target.ts';

/** Puts an event of a user of ours into a room that we are in. */
export async function send(env: Environment, lanes: Lanes, intent: EventIntent): Promise<Appended> {
  const { value, committed } = await lanes.run(intent.roomId, (draft) =>
    sendOnce(env, draft, intent),
  );
  return { eventId: value.eventId, position: positionIn(committed, value.position) };
}

async function sendOnce(
  env: Environment,
  draft: RoomDraft,
  intent: EventIntent,
): Promise<{ readonly eventId: Appended['eventId']; readonly position: Position }> {
  requireResidence(draft);
  const { transaction } = intent;
  const sent = transaction && (await draft.findTransaction(transaction));
  if (sent !== undefined) {
    const { position } = await draft.getEvent(sent);
    return { eventId: sent, position: position ?? 0 };
  }
  if (intent.type === 'm.room.redaction') await requireRedaction(draft, intent);
  const { type, stateKey, sender, redacts } = intent;
  const content = type === 'm.room.member' ? withoutAuthoriser(intent.content) : intent.content;
  const { event, position } = await appendOwn(env, draft, {
    type,
    stateKey,
    sender,
    content,
    redacts,
  });
  await tellTarget(env, draft, event, position);
  if (transaction !== undefined) {
    draft.rememberTransaction(transaction, event.eventId, env.clock.now());
  }
  return { eventId: event.eventId, position };
}

export function requireResidence(draft: RoomDraft): void {
  if (draft.head?.residence === 'joined') return;
  throw forbidden('You are not in this room.');
}

/** It was for one join. On another member event it would ask for that server's signature again. */
function withoutAuthoriser(content: JsonObject): JsonObject {
  const { join_authorised_via_users_server: _authoriser, ...rest } = content;
  return rest;
}

/** A redaction that would have no effect is told, not sent. */
async function requireRedaction(
  draft: RoomDraft,
  { roomId, sender, redacts }: EventIntent,
): Promise<void> {
  const target = redacts === undefined ? undefined : await draft.findEvent(redacts);
  if (redacts === undefined || target === undefined) throw notFound('There is no such event.');
  const { current } = draft.getHead();
  if (current === undefined) return;
  const lookup = await lookUpKeys(draft, current, [
    ['m.room.create', ''],
    ['m.room.power_levels', ''],
  ]);
  const redaction = { ...target.pdu, type: 'm.room.redaction', roomId, sender, redacts };
  if (!mayRedact(redaction, target.pdu, powerLevelsOf(lookup, draft.rules), draft.rules)) {
    throw forbidden('You may not redact events of users of other servers.');
  }
}
