import { ALLOWED, type Decision, inOrder, refused } from '../../decision.ts';
import { powerLevelsOf } from '../power-levels.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';

/** Source: rooms/v12.md, rule 5.6. */
export const checkBan = inOrder(checkSenderIsJoined, checkPowerToBan);

/** AUTH-5.6.1. */
function checkSenderIsJoined({ event, state }: MembershipChange): Decision {
  if (membershipOf(state, event.sender) === 'join') return ALLOWED;
  return refused('AUTH-5.6.1', 'the sender is not joined');
}

/** AUTH-5.6.2, AUTH-5.6.3. */
function checkPowerToBan({ event, target, rules, state }: MembershipChange): Decision {
  const levels = powerLevelsOf(state, rules);
  const power = levels.user(event.sender);
  if (power >= levels.ban && levels.user(target) < power) return ALLOWED;
  return refused('AUTH-5.6.3', 'the sender has no power to ban this user');
}
