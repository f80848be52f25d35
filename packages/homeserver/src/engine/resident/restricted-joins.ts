import {
  isUserId,
  joinRuleOf,
  powerLevelsOf,
  readAllowedRooms,
  readMembership,
  serverOf,
} from '@hansa/protocol';
import type { RoomId, ServerName, UserId } from '@hansa/protocol';
import { forbidden, MatrixError } from '../../matrix-error.ts';
import { lookUpKeys } from '../funnel/authorise.ts';
import type { RoomDraft } from '../room/room-draft.ts';

/** Users of ours that are looked at for the power to let somebody in. */
const MAX_CANDIDATES = 1_000;

/**
 * The user of ours by whose power somebody joins a restricted room; undefined where the join needs none. Refuses
 * where the user is in none of the rooms that open this one, or where we cannot tell, or have nobody with power.
 * Source: server-server API, "Restricted rooms".
 */
export async function findAuthoriser(
  draft: RoomDraft,
  userId: UserId,
  serverName: ServerName,
): Promise<UserId | undefined> {
  const { current } = draft.getHead();
  if (current === undefined) return undefined;
  const lookup = await lookUpKeys(draft, current, [
    ['m.room.create', ''],
    ['m.room.join_rules', ''],
    ['m.room.power_levels', ''],
    ['m.room.member', userId],
  ]);
  const rule = joinRuleOf(lookup, draft.rules);
  if (rule !== 'restricted' && rule !== 'knock_restricted') return undefined;
  const member = lookup('m.room.member', userId);
  const membership = member && readMembership(member.content);
  if (membership === 'join' || membership === 'invite') return undefined;

  const content = lookup('m.room.join_rules', '')?.content ?? {};
  await requireMembershipElsewhere(draft, userId, readAllowedRooms(content));
  const levels = powerLevelsOf(lookup, draft.rules);
  const joined = await draft.members.list('join');
  const authoriser = joined
    .filter((candidate) => isUserId(candidate) && serverOf(candidate) === serverName)
    .slice(0, MAX_CANDIDATES)
    .find((candidate) => levels.user(candidate) >= levels.invite);
  if (authoriser !== undefined) return authoriser;
  throw new MatrixError(
    400,
    'M_UNABLE_TO_GRANT_JOIN',
    'Nobody of this server has the power to let others in.',
  );
}

async function requireMembershipElsewhere(
  { otherRooms }: RoomDraft,
  userId: UserId,
  allowed: readonly RoomId[],
): Promise<void> {
  let knowsAll = true;
  for (const roomId of allowed) {
    const room = await otherRooms.find(roomId);
    if (room?.residence !== 'joined') {
      knowsAll = false;
      continue;
    }
    if ((await otherRooms.findMember(roomId, userId))?.membership === 'join') return;
  }
  if (knowsAll) throw forbidden('The user is in none of the rooms whose members may join.');
  throw new MatrixError(
    400,
    'M_UNABLE_TO_AUTHORISE_JOIN',
    'This server is not in all of the rooms whose members may join.',
  );
}
