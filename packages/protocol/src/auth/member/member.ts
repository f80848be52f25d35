import { type Decision, refused } from '../../decision.ts';
import { readMembership } from '../../events/content/membership.ts';
import type { RoomEvent } from '../../events/room-event.ts';
import type { RoomVersionRules } from '../../room-versions/rules.ts';
import type { StateLookup } from '../state-lookup.ts';
import { checkBan } from './ban.ts';
import { checkInvite } from './invite.ts';
import { checkJoin } from './join.ts';
import { checkKnock } from './knock.ts';
import { checkLeave } from './leave.ts';
import type { MembershipChange } from './membership-change.ts';

/** `m.room.member`. Signatures that it needs besides the sender's are no matter of state. Source: rooms/v12.md, rule 5. */
export function checkMember(
  event: RoomEvent,
  rules: RoomVersionRules,
  state: StateLookup,
  create: RoomEvent,
): Decision {
  if (event.stateKey === undefined || !Object.hasOwn(event.content, 'membership')) {
    return refused('AUTH-5.1', 'm.room.member without a state key or a membership');
  }
  const change: MembershipChange = { event, target: event.stateKey, rules, state, create };
  switch (readMembership(event.content)) {
    case 'join':
      return checkJoin(change);
    case 'invite':
      return checkInvite(change);
    case 'leave':
      return checkLeave(change);
    case 'ban':
      return checkBan(change);
    case 'knock':
      if (rules.auth.knock) return checkKnock(change);
      break;
    case undefined:
  }
  return refused('AUTH-5.8', 'the membership is unknown');
}
