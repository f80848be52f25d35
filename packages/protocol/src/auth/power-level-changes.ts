import { ALLOWED, type Decision, type Refused, refused } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { Level } from './level.ts';
import { type LevelContent, levelContentOf, type LevelMap, NAMED_LEVELS } from './level-content.ts';
import type { PowerLevels } from './power-levels.ts';

/** `m.room.power_levels`: well-formed, and nobody reaches above himself. Source: rooms/v12.md, rule 10. */
export function checkPowerLevels(
  event: RoomEvent,
  rules: RoomVersionRules,
  levels: PowerLevels,
): Decision {
  const next = levelContentOf(event, rules);
  const malformed = findUnreadable(next, rules) ?? findCreator(next, levels.creators);
  if (malformed !== undefined) return malformed;
  if (levels.content === undefined) return ALLOWED;
  const change: Change = {
    current: levels.content,
    next,
    sender: event.sender,
    power: levels.user(event.sender),
  };
  return (
    findNamedExcess(change) ??
    findMapExcess(change, 'events') ??
    (rules.auth.notificationLevels ? findMapExcess(change, 'notifications') : undefined) ??
    findUserExcess(change) ??
    ALLOWED
  );
}

interface Change {
  readonly current: LevelContent;
  readonly next: LevelContent;
  readonly sender: string;
  /** Level of the sender before the change. */
  readonly power: Level;
}

function findUnreadable(
  { unreadable }: LevelContent,
  rules: RoomVersionRules,
): Refused | undefined {
  if (unreadable.size === 0) return undefined;
  const { integerLevelsOnly, notificationLevels } = rules.auth;
  const named = NAMED_LEVELS.find((name) => unreadable.has(name));
  if (named !== undefined) {
    return refused(integerLevelsOnly ? 'AUTH-10.1' : 'AUTHA-10', `${named} is not a power level`);
  }
  if (unreadable.has('events') || (notificationLevels && unreadable.has('notifications'))) {
    const rule = integerLevelsOnly ? 'AUTH-10.2' : 'AUTHA-10';
    return refused(rule, 'events or notifications is not an object of power levels');
  }
  if (!unreadable.has('users')) return undefined;
  return refused('AUTH-10.3', 'users is not an object of user ids and power levels');
}

function findCreator({ users }: LevelContent, creators: ReadonlySet<string>): Refused | undefined {
  for (const creator of creators) {
    if (users.has(creator)) return refused('AUTH-10.4', `users names a creator, ${creator}`);
  }
  return undefined;
}

function findNamedExcess({ current, next, power }: Change): Refused | undefined {
  for (const name of NAMED_LEVELS) {
    const before = current.named.get(name);
    const after = next.named.get(name);
    if (before === after) continue;
    if (before !== undefined && before > power) {
      return refused('AUTH-10.6.1', `${name} is above the sender's level`);
    }
    if (after !== undefined && after > power) {
      return refused('AUTH-10.6.2', `${name} would be above the sender's level`);
    }
  }
  return undefined;
}

function findMapExcess(
  { current, next, power }: Change,
  property: Exclude<LevelMap, 'users'>,
): Refused | undefined {
  for (const [key, before] of current[property]) {
    if (before > power && next[property].get(key) !== before) {
      return refused('AUTH-10.7.1', `${property} has an entry above the sender's level, ${key}`);
    }
  }
  for (const [key, after] of next[property]) {
    if (after > power && current[property].get(key) !== after) {
      return refused('AUTH-10.8.1', `${property} would have an entry above the sender's, ${key}`);
    }
  }
  return undefined;
}

function findUserExcess({ current, next, sender, power }: Change): Refused | undefined {
  for (const [user, before] of current.users) {
    if (before >= power && user !== sender && next.users.get(user) !== before) {
      return refused('AUTH-10.9.1', `${user} has the sender's level or a higher one`);
    }
  }
  for (const [user, after] of next.users) {
    if (after > power && current.users.get(user) !== after) {
      return refused('AUTH-10.10.1', `${user} would be above the sender's level`);
    }
  }
  return undefined;
}
