import { ALLOWED, type Decision, inOrder, refused } from '../../decision.ts';
import { powerLevelsOf } from '../power-levels.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';

/** Leaving, and being kicked or unbanned. Source: rooms/v12.md, rule 5.5. */
export function checkLeave(change: MembershipChange): Decision {
  return change.event.sender === change.target ? checkIsInRoom(change) : checkRemoval(change);
}

const checkRemoval = inOrder(checkSenderIsJoined, checkPowerToUnban, checkPowerToKick);

/** AUTH-5.5.1. */
function checkIsInRoom({ target, rules, state }: MembershipChange): Decision {
  const membership = membershipOf(state, target);
  if (membership === 'join' || membership === 'invite') return ALLOWED;
  if (membership === 'knock' && rules.auth.knock) return ALLOWED;
  return refused('AUTH-5.5.1', 'the sender is not in the room');
}

/** AUTH-5.5.2. */
function checkSenderIsJoined({ event, state }: MembershipChange): Decision {
  if (membershipOf(state, event.sender) === 'join') return ALLOWED;
  return refused('AUTH-5.5.2', 'the sender is not joined');
}

/** AUTH-5.5.3. */
function checkPowerToUnban({ event, target, rules, state }: MembershipChange): Decision {
  if (membershipOf(state, target) !== 'ban') return ALLOWED;
  const levels = powerLevelsOf(state, rules);
  if (levels.user(event.sender) >= levels.ban) return ALLOWED;
  return refused('AUTH-5.5.3', 'the sender has no power to lift a ban');
}

/** AUTH-5.5.4, AUTH-5.5.5. */
function checkPowerToKick({ event, target, rules, state }: MembershipChange): Decision {
  const levels = powerLevelsOf(state, rules);
  const power = levels.user(event.sender);
  if (power >= levels.kick && levels.user(target) < power) return ALLOWED;
  return refused('AUTH-5.5.5', 'the sender has no power to kick this user');
}
