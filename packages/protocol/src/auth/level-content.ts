import type { RoomEvent } from '../events/room-event.ts';
import { isUserId } from '../identifiers/user-id.ts';
import { isObject, type JsonObject, type JsonValue, member, NumberLiteral } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { type Level, type LevelForm, levelForm, readLevel } from './level.ts';

/** Levels that stand in the content by themselves. */
export const NAMED_LEVELS = [
  'users_default',
  'events_default',
  'state_default',
  'ban',
  'redact',
  'kick',
  'invite',
] as const;

export type NamedLevel = (typeof NAMED_LEVELS)[number];

/** Properties that hold a level for each of many keys, which peers choose. */
export type LevelMap = 'users' | 'events' | 'notifications';

/** Content of an `m.room.power_levels` event as its room version reads it: what is there, no defaults. */
export interface LevelContent {
  readonly named: ReadonlyMap<NamedLevel, Level>;
  readonly users: ReadonlyMap<string, Level>;
  readonly events: ReadonlyMap<string, Level>;
  readonly notifications: ReadonlyMap<string, Level>;
  /**
   * Properties that hold what is not a level, or not an object of levels; that part is left out above. `users` is among
   * them too when a key is not a user id.
   */
  readonly unreadable: ReadonlySet<NamedLevel | LevelMap>;
  /**
   * Entries that there are, readable or not: what reading took, and comparing takes. A long text counts as several.
   */
  readonly size: number;
}

/** To read a text of so many characters takes as long as another entry. */
const TEXT_OF_AN_ENTRY = 64;

const known = new WeakMap<
  RoomEvent,
  { readonly form: LevelForm; readonly content: LevelContent }
>();

/** Reads an event once: power levels are asked for by every event of a room. */
export function levelContentOf(event: RoomEvent, rules: RoomVersionRules): LevelContent {
  const form = levelForm(rules);
  const before = known.get(event);
  if (before?.form === form) return before.content;
  const content = readLevelContent(event.content, form);
  known.set(event, { form, content });
  return content;
}

/** What an `m.room.power_levels` event holds, in entries: see `LevelContent.size`. */
export function countLevels(event: RoomEvent, rules: RoomVersionRules): number {
  return levelContentOf(event, rules).size;
}

function readLevelContent(content: JsonObject, form: LevelForm): LevelContent {
  const unreadable = new Set<NamedLevel | LevelMap>();
  const named = new Map<NamedLevel, Level>();
  let size = 0;
  for (const name of NAMED_LEVELS) {
    if (!Object.hasOwn(content, name)) continue;
    const value = member(content, name);
    size += sizeOf(value);
    const level = readLevel(value, form);
    if (level === undefined) unreadable.add(name);
    else named.set(name, level);
  }
  const readMap = (property: LevelMap): ReadonlyMap<string, Level> => {
    const levels = new Map<string, Level>();
    const value = member(content, property);
    if (value === undefined) return levels;
    if (!isObject(value)) unreadable.add(property);
    else {
      for (const [key, entry] of Object.entries(value)) {
        size += sizeOf(entry);
        const level = readLevel(entry, form);
        if (level === undefined || (property === 'users' && !isUserId(key)))
          unreadable.add(property);
        else levels.set(key, level);
      }
    }
    return levels;
  };
  const users = readMap('users');
  const events = readMap('events');
  const notifications = readMap('notifications');
  return { named, users, events, notifications, unreadable, size };
}

function sizeOf(level: JsonValue | undefined): number {
  const text = level instanceof NumberLiteral ? level.source : level;
  return typeof text === 'string' ? 1 + Math.floor(text.length / TEXT_OF_AN_ENTRY) : 1;
}
