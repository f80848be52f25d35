import { ALLOWED, type Decision, refused } from '../../decision.ts';
import { powerLevelsOf } from '../power-levels.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';
import { checkThirdPartyInvite } from './third-party-invite.ts';

/** Source: rooms/v12.md, rule 5.4. */
export function checkInvite(change: MembershipChange): Decision {
  const { event, target, rules, state } = change;
  if (Object.hasOwn(event.content, 'third_party_invite')) return checkThirdPartyInvite(change);
  if (membershipOf(state, event.sender) !== 'join') {
    return refused('AUTH-5.4.2', 'the sender is not joined');
  }
  const membership = membershipOf(state, target);
  if (membership === 'join' || membership === 'ban') {
    return refused('AUTH-5.4.3', 'the invited user is joined or banned');
  }
  const levels = powerLevelsOf(state, rules);
  if (levels.user(event.sender) >= levels.invite) return ALLOWED;
  return refused('AUTH-5.4.5', 'the sender has no power to invite');
}
