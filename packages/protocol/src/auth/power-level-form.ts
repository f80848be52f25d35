import { ALLOWED, type Decision, inOrder, refused } from '../decision.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { type LevelContent, NAMED_LEVELS } from './level-content.ts';

/** Levels that are to come in force. */
interface NewLevels {
  readonly next: LevelContent;
  readonly creators: ReadonlySet<string>;
  readonly rules: RoomVersionRules;
}

/** Whether power levels are well-formed. Source: rooms/v12.md, rules 10.1 to 10.4. */
export const checkLevelForm = inOrder(
  checkNamedLevels,
  checkLevelMaps,
  checkUserLevels,
  checkNamesNoCreator,
);

/** AUTH-10.1, before it AUTHA-10. */
function checkNamedLevels({ next, rules }: NewLevels): Decision {
  const named = NAMED_LEVELS.find((name) => next.unreadable.has(name));
  if (named === undefined) return ALLOWED;
  const rule = rules.auth.integerLevelsOnly ? 'AUTH-10.1' : 'AUTHA-10';
  return refused(rule, `${named} is not a power level`);
}

/** AUTH-10.2, before it AUTHA-10. */
function checkLevelMaps({ next, rules }: NewLevels): Decision {
  const { integerLevelsOnly, notificationLevels } = rules.auth;
  const { unreadable } = next;
  if (!unreadable.has('events') && !(notificationLevels && unreadable.has('notifications'))) {
    return ALLOWED;
  }
  const rule = integerLevelsOnly ? 'AUTH-10.2' : 'AUTHA-10';
  return refused(rule, 'events or notifications is not an object of power levels');
}

/** AUTH-10.3. */
function checkUserLevels({ next }: NewLevels): Decision {
  if (!next.unreadable.has('users')) return ALLOWED;
  return refused('AUTH-10.3', 'users is not an object of user ids and power levels');
}

/** AUTH-10.4. */
function checkNamesNoCreator({ next, creators }: NewLevels): Decision {
  // A create event may name thousands; the entries of `users` are read anyway.
  if (creators.size === 0) return ALLOWED;
  for (const user of next.users.keys()) {
    if (creators.has(user)) return refused('AUTH-10.4', `users names a creator, ${user}`);
  }
  return ALLOWED;
}
