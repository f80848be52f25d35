import { ALLOWED, type Decision, refused } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { checkAliases } from './aliases.ts';
import { checkFederate } from './federate.ts';
import { checkMember } from './member/member.ts';
import { membershipOf } from './member/membership.ts';
import { checkPowerLevels } from './power-level-changes.ts';
import { type PowerLevels, powerLevelsOf } from './power-levels.ts';
import { checkRedaction } from './redaction.ts';
import type { StateLookup } from './state-lookup.ts';

/**
 * The rules that depend on state: for the state before an event, the current state, and each step of state
 * resolution. A create event has none. Source: rooms/v12.md, rules 4 to 11.
 */
export function checkStateRules(
  event: RoomEvent,
  rules: RoomVersionRules,
  state: StateLookup,
): Decision {
  const { type } = event;
  if (type === 'm.room.create') return ALLOWED;
  const create = state('m.room.create', '');
  if (create === undefined) return refused('AUTHA-11', 'the state has no create event');
  const federate = checkFederate(event, create);
  if (!federate.ok) return federate;
  if (type === 'm.room.aliases' && rules.auth.aliasesRule) return checkAliases(event);
  if (type === 'm.room.member') return checkMember(event, rules, state, create);
  if (membershipOf(state, event.sender) !== 'join') {
    return refused('AUTH-6', 'the sender is not joined');
  }
  const levels = powerLevelsOf(state, rules);
  if (type === 'm.room.third_party_invite') return checkInvitePower(event, levels);
  return checkSend(event, rules, levels);
}

function checkInvitePower({ sender }: RoomEvent, levels: PowerLevels): Decision {
  if (levels.user(sender) >= levels.invite) return ALLOWED;
  return refused('AUTH-7.1', 'the sender has no power to invite');
}

function checkSend(event: RoomEvent, rules: RoomVersionRules, levels: PowerLevels): Decision {
  const { type, sender, stateKey } = event;
  if (levels.event(type, stateKey !== undefined) > levels.user(sender)) {
    return refused('AUTH-8', `the sender has no power to send ${type}`);
  }
  if (stateKey?.startsWith('@') === true && stateKey !== sender) {
    return refused('AUTH-9', "the state key is another user's id");
  }
  if (type === 'm.room.power_levels') return checkPowerLevels(event, rules, levels);
  if (type === 'm.room.redaction' && rules.auth.redactionRule) return checkRedaction(event, levels);
  return ALLOWED;
}
