import { ALLOWED, type Decision, inOrder, refused } from '../../decision.ts';
import { joinRuleOf } from './join-rule.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';

/** Source: rooms/v12.md, rule 5.7. */
export const checkKnock = inOrder(checkMayBeKnocked, checkIsOwnKnock, checkHasReasonToKnock);

/** AUTH-5.7.1. */
function checkMayBeKnocked({ rules, state }: MembershipChange): Decision {
  const joinRule = joinRuleOf(state, rules);
  if (joinRule === 'knock' || joinRule === 'knock_restricted') return ALLOWED;
  return refused('AUTH-5.7.1', 'the join rule lets nobody knock');
}

/** AUTH-5.7.2. */
function checkIsOwnKnock({ event, target }: MembershipChange): Decision {
  if (event.sender === target) return ALLOWED;
  return refused('AUTH-5.7.2', 'nobody knocks for somebody else');
}

/** AUTH-5.7.3, AUTH-5.7.4. */
function checkHasReasonToKnock({ target, state }: MembershipChange): Decision {
  const membership = membershipOf(state, target);
  if (membership !== 'ban' && membership !== 'invite' && membership !== 'join') return ALLOWED;
  return refused('AUTH-5.7.4', 'the sender is banned, invited or joined');
}
