import { ALLOWED, type Decision, inOrder, refused } from '../../decision.ts';
import { powerLevelsOf } from '../power-levels.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';
import { checkThirdPartyInvite } from './third-party-invite.ts';

/** Source: rooms/v12.md, rule 5.4. */
export function checkInvite(change: MembershipChange): Decision {
  if (Object.hasOwn(change.event.content, 'third_party_invite')) {
    return checkThirdPartyInvite(change);
  }
  return checkOwnInvite(change);
}

const checkOwnInvite = inOrder(checkSenderIsJoined, checkTargetIsOutside, checkPowerToInvite);

/** AUTH-5.4.2. */
function checkSenderIsJoined({ event, state }: MembershipChange): Decision {
  if (membershipOf(state, event.sender) === 'join') return ALLOWED;
  return refused('AUTH-5.4.2', 'the sender is not joined');
}

/** AUTH-5.4.3. */
function checkTargetIsOutside({ target, state }: MembershipChange): Decision {
  const membership = membershipOf(state, target);
  if (membership !== 'join' && membership !== 'ban') return ALLOWED;
  return refused('AUTH-5.4.3', 'the invited user is joined or banned');
}

/** AUTH-5.4.4, AUTH-5.4.5. */
function checkPowerToInvite({ event, rules, state }: MembershipChange): Decision {
  const levels = powerLevelsOf(state, rules);
  if (levels.user(event.sender) >= levels.invite) return ALLOWED;
  return refused('AUTH-5.4.5', 'the sender has no power to invite');
}
