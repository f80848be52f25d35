import { ALLOWED, type Decision, refused } from '../../decision.ts';
import { joinRuleOf } from './join-rule.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';

/** Source: rooms/v12.md, rule 5.7. */
export function checkKnock({ event, target, rules, state }: MembershipChange): Decision {
  const joinRule = joinRuleOf(state, rules);
  if (joinRule !== 'knock' && joinRule !== 'knock_restricted') {
    return refused('AUTH-5.7.1', 'the join rule lets nobody knock');
  }
  if (event.sender !== target) return refused('AUTH-5.7.2', 'nobody knocks for somebody else');
  const membership = membershipOf(state, target);
  if (membership === 'ban' || membership === 'invite' || membership === 'join') {
    return refused('AUTH-5.7.4', 'the sender is banned, invited or joined');
  }
  return ALLOWED;
}
