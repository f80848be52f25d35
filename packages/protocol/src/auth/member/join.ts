import { ALLOWED, type Decision, inOrder, refused } from '../../decision.ts';
import { authorisingUserOf } from '../../events/authorising-user.ts';
import { roomCreator } from '../creators.ts';
import { powerLevelsOf } from '../power-levels.ts';
import { joinRuleOf } from './join-rule.ts';
import { membershipOf } from './membership.ts';
import type { MembershipChange } from './membership-change.ts';

/** Source: rooms/v12.md, rule 5.3. */
export function checkJoin(change: MembershipChange): Decision {
  return isCreatorsFirstJoin(change) ? ALLOWED : checkLaterJoin(change);
}

const checkLaterJoin = inOrder(checkIsOwnJoin, checkIsNotBanned, checkJoinRule);

/** AUTH-5.3.1. */
function isCreatorsFirstJoin({ event, target, create, rules }: MembershipChange): boolean {
  const [previous, another] = event.prevEvents;
  if (previous !== create.eventId || another !== undefined) return false;
  return roomCreator(create, rules) === target;
}

/** AUTH-5.3.2. */
function checkIsOwnJoin({ event, target }: MembershipChange): Decision {
  if (event.sender === target) return ALLOWED;
  return refused('AUTH-5.3.2', 'nobody joins for somebody else');
}

/** AUTH-5.3.3. */
function checkIsNotBanned({ target, state }: MembershipChange): Decision {
  if (membershipOf(state, target) !== 'ban') return ALLOWED;
  return refused('AUTH-5.3.3', 'the sender is banned');
}

/** AUTH-5.3.4 to AUTH-5.3.7, whichever the join rule asks for. */
function checkJoinRule(change: MembershipChange): Decision {
  switch (joinRuleOf(change.state, change.rules)) {
    case 'public':
      return ALLOWED;
    case 'restricted':
    case 'knock_restricted':
      return isExpected(change) ? ALLOWED : checkAuthorisedJoin(change);
    case 'invite':
    case 'knock':
      return checkIsInvited(change);
    case 'unknown':
      return refused('AUTH-5.3.7', 'the join rule lets nobody in');
  }
}

function isExpected({ target, state }: MembershipChange): boolean {
  const membership = membershipOf(state, target);
  return membership === 'invite' || membership === 'join';
}

/** AUTH-5.3.4, AUTH-5.3.7. */
function checkIsInvited(change: MembershipChange): Decision {
  return isExpected(change) ? ALLOWED : refused('AUTH-5.3.7', 'the sender is not invited');
}

/** AUTH-5.3.5.2. */
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
