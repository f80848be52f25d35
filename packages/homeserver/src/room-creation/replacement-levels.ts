import {
  isObject,
  member,
  type JsonObject,
  type JsonValue,
  type RoomVersionRules,
  type UserId,
} from '@hansa/protocol';
import { CREATORS_ONLY } from './power-levels.ts';

const MODERATOR = 50;
const INTEGER = /^\s*[+-]?[0-9]{1,15}\s*$/;

export interface Creators {
  readonly rules: RoomVersionRules;
  /** Who upgrades the room, then those who are to be creators beside them. */
  readonly creators: readonly UserId[];
  /** The level of the first of these in the old room. */
  readonly level: number;
}

/**
 * Power levels of the room that replaces one with these. Where creators stand above all levels they are not named, and
 * ending the room is theirs alone; elsewhere who could upgrade the old room stands in the new one as high. Older rooms
 * wrote numbers as text, which newer ones refuse.
 */
export function replacementLevels(
  old: JsonObject,
  { rules, creators, level }: Creators,
): JsonObject {
  const levels = Object.fromEntries(
    Object.entries(old).map(([key, value]) => [
      key,
      isObject(value) ? mapValues(value, asNumber) : asNumber(value),
    ]),
  );
  const users = objectIn(levels, 'users');
  if (!rules.auth.privilegedCreators) {
    const [upgrader] = creators;
    const own = upgrader === undefined ? {} : { [upgrader]: level };
    return { ...levels, users: { ...users, ...own } };
  }
  const named: ReadonlySet<string> = new Set(creators);
  const events = objectIn(levels, 'events');
  return {
    ...levels,
    users: Object.fromEntries(Object.entries(users).filter(([userId]) => !named.has(userId))),
    events: { ...events, 'm.room.tombstone': tombstoneLevel(levels, events) },
  };
}

/** What is left of the old room's: nobody speaks or invites there but its moderators. `undefined`: that holds already. */
export function retiredLevels(old: JsonObject): JsonObject | undefined {
  const least = Math.max(MODERATOR, numberIn(old, 'users_default', 0) + 1);
  const raised = (['events_default', 'invite'] as const).filter(
    (key) => numberIn(old, key, 0) < least,
  );
  if (raised.length === 0) return undefined;
  return { ...old, ...Object.fromEntries(raised.map((key) => [key, least])) };
}

/** Source: client-server API, `POST /createRoom`: above `state_default`. */
function tombstoneLevel(levels: JsonObject, events: JsonObject): number {
  const given = numberIn(events, 'm.room.tombstone', CREATORS_ONLY);
  const above = numberIn(levels, 'state_default', MODERATOR) + 1;
  return Math.max(given, CREATORS_ONLY, above);
}

function asNumber(value: JsonValue): JsonValue {
  return typeof value === 'string' && INTEGER.test(value) ? Number(value) : value;
}

function mapValues(object: JsonObject, map: (value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function objectIn(content: JsonObject, key: string): JsonObject {
  const value = member(content, key);
  return isObject(value) ? value : {};
}

function numberIn(content: JsonObject, key: string, byDefault: number): number {
  const value = asNumber(member(content, key) ?? byDefault);
  return typeof value === 'number' ? value : byDefault;
}
