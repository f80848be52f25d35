import { ALLOWED, type Decision, refused } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { checkAliases } from './aliases.ts';
import { checkFederate } from './federate.ts';
import { checkMember } from './member/member.ts';
import { checkPowerLevels } from './power-level-changes.ts';
import { powerLevelsOf } from './power-levels.ts';
import { checkRedaction } from './redaction.ts';
import {
  checkPowerToInvite,
  checkPowerToSend,
  checkSenderIsJoined,
  checkStateKeyIsOwn,
} from './send.ts';
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
  const joined = checkSenderIsJoined(event, state);
  if (!joined.ok) return joined;
  const levels = powerLevelsOf(state, rules);
  if (type === 'm.room.third_party_invite') return checkPowerToInvite(event, levels);
  const power = checkPowerToSend(event, levels);
  if (!power.ok) return power;
  const key = checkStateKeyIsOwn(event);
  if (!key.ok) return key;
  if (type === 'm.room.power_levels') return checkPowerLevels(event, rules, levels);
  if (type === 'm.room.redaction' && rules.auth.redactionRule) return checkRedaction(event, levels);
  return ALLOWED;
}
