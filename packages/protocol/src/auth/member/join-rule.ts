import { member } from '../../json/value.ts';
import type { RoomVersionRules } from '../../room-versions/rules.ts';
import type { StateLookup } from '../state-lookup.ts';

/** A way into a room; `unknown` is one that the room version gives no meaning to, and lets nobody in. */
export type JoinRule =
  | 'public'
  | 'invite'
  | 'knock'
  | 'restricted'
  | 'knock_restricted'
  | 'unknown';

/**
 * Join rule in some state. A room that says nothing of it is one for the invited, as everywhere in use.
 * Source: client-server API, "m.room.join_rules"; rooms/_index.md, "Feature matrix".
 */
export function joinRuleOf(state: StateLookup, { auth }: RoomVersionRules): JoinRule {
  const event = state('m.room.join_rules', '');
  const rule = event === undefined ? undefined : member(event.content, 'join_rule');
  if (rule === undefined || rule === 'invite') return 'invite';
  if (rule === 'public') return rule;
  if (rule === 'knock' && auth.knock) return rule;
  if (rule === 'restricted' && auth.restricted) return rule;
  if (rule === 'knock_restricted' && auth.knockRestricted) return rule;
  return 'unknown';
}
