import { readMembership } from '@hansa/protocol';
import type { JsonObject, UserId } from '@hansa/protocol';
import type { Environment } from '../environment.ts';
import { appendOwn } from '../funnel/append-own.ts';
import type { JoinIntent, LeaveIntent } from '../intents.ts';
import type { Lanes } from '../lane/lanes.ts';
import { findAuthoriser } from '../resident/restricted-joins.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { requireResidence } from './send.ts';

/** Joins a user of ours to a room that we are in. Answers at once where nothing would change. */
export async function joinHere(env: Environment, lanes: Lanes, intent: JoinIntent): Promise<void> {
  await lanes.run(intent.roomId, async (draft) => {
    requireResidence(draft);
    const { userId } = intent;
    if ((await membershipOf(draft, userId)) === 'join') return;
    const authoriser = await findAuthoriser(draft, userId, env.serverName);
    const content: JsonObject = {
      ...intent.content,
      ...(authoriser === undefined ? {} : { join_authorised_via_users_server: authoriser }),
      membership: 'join',
    };
    await appendOwn(env, draft, {
      type: 'm.room.member',
      stateKey: userId,
      sender: userId,
      content,
    });
  });
}

/** Knocks at a room that we are in. Answers at once where the user has knocked already. */
export async function knockHere(env: Environment, lanes: Lanes, intent: JoinIntent): Promise<void> {
  await lanes.run(intent.roomId, async (draft) => {
    requireResidence(draft);
    const { userId } = intent;
    if ((await membershipOf(draft, userId)) === 'knock') return;
    await appendOwn(env, draft, {
      type: 'm.room.member',
      stateKey: userId,
      sender: userId,
      content: { ...intent.content, membership: 'knock' },
    });
  });
}

/** Leaves a room that we are in, or rejects an invite to it. */
export async function leaveHere(
  env: Environment,
  lanes: Lanes,
  { roomId, userId, content }: LeaveIntent,
): Promise<void> {
  await lanes.run(roomId, async (draft) => {
    requireResidence(draft);
    await appendOwn(env, draft, {
      type: 'm.room.member',
      stateKey: userId,
      sender: userId,
      content: { ...content, membership: 'leave' },
    });
  });
}

async function membershipOf(
  draft: RoomDraft,
  userId: UserId,
): Promise<ReturnType<typeof readMembership>> {
  const { current } = draft.getHead();
  if (current === undefined) return undefined;
  const [eventId] = await draft.states.findEvents(current, [['m.room.member', userId]]);
  if (eventId === undefined) return undefined;
  return readMembership((await draft.getEvent(eventId)).pdu.content);
}
