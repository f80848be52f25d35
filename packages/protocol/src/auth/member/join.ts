import { ALLOWED, type Decision, refused } from '../../decision.ts';
import { authorisingUserOf } from '../../events/authorising-user.ts';
import { roomCreator } from '../creators.ts';
import { powerLevelsOf } from '../power-levels.ts';
import { joinRuleOf } from './join-rule.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';

/** Source: rooms/v12.md, rule 5.3. */
export function checkJoin(change: MembershipChange): Decision {
  const { event, target, rules, state } = change;
  if (isCreatorsFirstJoin(change)) return ALLOWED;
  if (event.sender !== target) return refused('AUTH-5.3.2', 'nobody joins for somebody else');
  const membership = membershipOf(state, target);
  if (membership === 'ban') return refused('AUTH-5.3.3', 'the sender is banned');
  const isExpected = membership === 'invite' || membership === 'join';
  switch (joinRuleOf(state, rules)) {
    case 'public':
      return ALLOWED;
    case 'restricted':
    case 'knock_restricted':
      return isExpected ? ALLOWED : checkAuthorisedJoin(change);
    case 'invite':
    case 'knock':
      if (isExpected) return ALLOWED;
      return refused('AUTH-5.3.7', 'the sender is not invited');
    case 'unknown':
      return refused('AUTH-5.3.7', 'the join rule lets nobody in');
  }
}

function isCreatorsFirstJoin({ event, target, create, rules }: MembershipChange): boolean {
  const [previous, another] = event.prevEvents;
  if (previous !== create.eventId || another !== undefined) return false;
  return roomCreator(create, rules) === target;
}

function checkAuthorisedJoin({ event, rules, state }: MembershipChange): Decision {
  const authoriser = authorisingUserOf(event, rules);
  if (typeof authoriser !== 'string') {
    return refused('AUTH-5.3.5.2', 'nobody authorised the join');
  }
  if (membershipOf(state, authoriser) !== 'join') {
    return refused('AUTH-5.3.5.2', 'the user that authorised the join is not joined');
  }
  const levels = powerLevelsOf(state, rules);
  if (levels.user(authoriser) >= levels.invite) return ALLOWED;
  return refused('AUTH-5.3.5.2', 'the user that authorised the join has no power to invite');
}
