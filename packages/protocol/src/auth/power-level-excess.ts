import { ALLOWED, type Decision, inOrder, refused } from '../decision.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { Level } from './level.ts';
import {
  type LevelContent,
  type LevelMap,
  NAMED_LEVELS,
  type NamedLevel,
} from './level-content.ts';

/** Levels that are to take the place of others. */
interface LevelChange {
  readonly current: LevelContent;
  readonly next: LevelContent;
  readonly sender: string;
  /** Level of the sender before the change. */
  readonly power: Level;
  readonly rules: RoomVersionRules;
}

type NumberMap = Exclude<LevelMap, 'users'>;

/** Whether nobody reaches above himself. Source: rooms/v12.md, rules 10.6 to 10.10. */
export const checkLevelExcess = inOrder(
  checkEachNamed,
  checkEvents,
  checkNotifications,
  checkUsersBefore,
  checkUsersAfter,
);

function checkEachNamed(change: LevelChange): Decision {
  for (const name of NAMED_LEVELS) {
    if (change.current.named.get(name) === change.next.named.get(name)) continue;
    const before = checkNamedBefore(change, name);
    if (!before.ok) return before;
    const after = checkNamedAfter(change, name);
    if (!after.ok) return after;
  }
  return ALLOWED;
}

/** AUTH-10.6.1. */
function checkNamedBefore({ current, power }: LevelChange, name: NamedLevel): Decision {
  const before = current.named.get(name);
  if (before === undefined || before <= power) return ALLOWED;
  return refused('AUTH-10.6.1', `${name} is above the sender's level`);
}

/** AUTH-10.6.2. */
function checkNamedAfter({ next, power }: LevelChange, name: NamedLevel): Decision {
  const after = next.named.get(name);
  if (after === undefined || after <= power) return ALLOWED;
  return refused('AUTH-10.6.2', `${name} would be above the sender's level`);
}

function checkEvents(change: LevelChange): Decision {
  return checkEntries(change, 'events');
}

function checkNotifications(change: LevelChange): Decision {
  return change.rules.auth.notificationLevels ? checkEntries(change, 'notifications') : ALLOWED;
}

function checkEntries(change: LevelChange, property: NumberMap): Decision {
  const before = checkEntriesBefore(change, property);
  return before.ok ? checkEntriesAfter(change, property) : before;
}

/** AUTH-10.7.1. */
function checkEntriesBefore({ current, next, power }: LevelChange, property: NumberMap): Decision {
  for (const [key, before] of current[property]) {
    if (before > power && next[property].get(key) !== before) {
      return refused('AUTH-10.7.1', `${property} has an entry above the sender's level, ${key}`);
    }
  }
  return ALLOWED;
}

/** AUTH-10.8.1. */
function checkEntriesAfter({ current, next, power }: LevelChange, property: NumberMap): Decision {
  for (const [key, after] of next[property]) {
    if (after > power && current[property].get(key) !== after) {
      return refused('AUTH-10.8.1', `${property} would have an entry above the sender's, ${key}`);
    }
  }
  return ALLOWED;
}

/** AUTH-10.9.1. */
function checkUsersBefore({ current, next, sender, power }: LevelChange): Decision {
  for (const [user, before] of current.users) {
    if (before >= power && user !== sender && next.users.get(user) !== before) {
      return refused('AUTH-10.9.1', `${user} has the sender's level or a higher one`);
    }
  }
  return ALLOWED;
}

/** AUTH-10.10.1. */
function checkUsersAfter({ current, next, power }: LevelChange): Decision {
  for (const [user, after] of next.users) {
    if (after > power && current.users.get(user) !== after) {
      return refused('AUTH-10.10.1', `${user} would be above the sender's level`);
    }
  }
  return ALLOWED;
}
