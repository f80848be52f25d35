import { ALLOWED, type Decision, refused } from '../../decision.ts';
import { powerLevelsOf } from '../power-levels.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';

/** Leaving, and being kicked or unbanned. Source: rooms/v12.md, rule 5.5. */
export function checkLeave({ event, target, rules, state }: MembershipChange): Decision {
  const { sender } = event;
  const ownMembership = membershipOf(state, sender);
  if (sender === target) {
    if (ownMembership === 'join' || ownMembership === 'invite') return ALLOWED;
    if (ownMembership === 'knock' && rules.auth.knock) return ALLOWED;
    return refused('AUTH-5.5.1', 'the sender is not in the room');
  }
  if (ownMembership !== 'join') return refused('AUTH-5.5.2', 'the sender is not joined');
  const levels = powerLevelsOf(state, rules);
  const power = levels.user(sender);
  if (membershipOf(state, target) === 'ban' && power < levels.ban) {
    return refused('AUTH-5.5.3', 'the sender has no power to lift a ban');
  }
  if (power >= levels.kick && levels.user(target) < power) return ALLOWED;
  return refused('AUTH-5.5.5', 'the sender has no power to kick this user');
}
