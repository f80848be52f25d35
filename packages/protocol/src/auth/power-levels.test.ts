import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../json/value.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { RoomBuilder, userId } from '../testing/room-builder.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { powerLevelsOf } from './power-levels.ts';

/** Levels in a room of alice; without content there is no `m.room.power_levels`. */
function levelsIn(version: RoomVersionId, content?: JsonObject, create: JsonObject = {}) {
  const room = new RoomBuilder(version);
  room.create('alice', create);
  if (content !== undefined) room.powerLevels('alice', content);
  const state = room.stateAfter();
  return powerLevelsOf((type, key) => state.get(type, key), room.rules);
}

function named(levels: ReturnType<typeof levelsIn>) {
  const { usersDefault, eventsDefault, stateDefault, ban, kick, redact, invite } = levels;
  return { usersDefault, eventsDefault, stateDefault, ban, kick, redact, invite };
}

const defaults = {
  usersDefault: 0,
  eventsDefault: 0,
  stateDefault: 50,
  ban: 50,
  kick: 50,
  redact: 50,
  invite: 0,
};

describe('levels that nobody set', () => {
  it.each(allVersions)('[PL-1] version %s: the same with and without an event', (version) => {
    for (const levels of [levelsIn(version), levelsIn(version, {})]) {
      expect(named(levels)).toEqual(defaults);
      expect(levels.event('m.room.message', false)).toBe(0);
      expect(levels.event('m.room.topic', true)).toBe(50);
      expect(levels.notifications('room')).toBe(50);
      expect(levels.user(userId('bob'))).toBe(0);
    }
  });

  it.each(versionsThrough('10'))('[PL-2] version %s: content names who has 100', (version) => {
    const levels = levelsIn(version, undefined, { creator: userId('bob') });
    expect(levels.user(userId('alice'))).toBe(0);
    expect(levels.user(userId('bob'))).toBe(100);
    expect(levelsIn(version).user(userId('alice'))).toBe(100);
    expect(levelsIn(version, undefined, { creator: null }).user('null')).toBe(0);
  });

  it('[PL-2] version 11: the sender of the create event has 100', () => {
    const levels = levelsIn('11', undefined, { creator: userId('bob') });
    expect(levels.user(userId('alice'))).toBe(100);
    expect(levels.user(userId('bob'))).toBe(0);
  });

  it.each(versionsThrough('11'))('[PL-2] version %s: not beside an event', (version) => {
    expect(levelsIn(version, {}).user(userId('alice'))).toBe(0);
  });

  it.each(allVersions)('[PL-1] version %s: no state at all is no fault', (version) => {
    const levels = powerLevelsOf(() => undefined, new RoomBuilder(version).rules);
    expect(named(levels)).toEqual(defaults);
    expect(levels.user(userId('alice'))).toBe(0);
  });
});

describe('creators that stand above all levels', () => {
  const additional = { additional_creators: [userId('bob'), 7, null] };

  it.each(versionsFrom('12'))('[PL-3] version %s: with and without an event', (version) => {
    const users = { [userId('carol')]: 2 ** 53 - 1, [userId('alice')]: 5 };
    for (const levels of [
      levelsIn(version, undefined, additional),
      levelsIn(version, { users }, additional),
    ]) {
      expect(levels.user(userId('alice'))).toBe(Infinity);
      expect(levels.user(userId('bob'))).toBe(Infinity);
      expect(levels.user(userId('carol'))).not.toBe(Infinity);
    }
  });

  it.each(versionsThrough('11'))('[PL-3] version %s: there are none', (version) => {
    const levels = levelsIn(version, undefined, additional);
    expect(levels.user(userId('alice'))).toBe(100);
    expect(levels.user(userId('bob'))).toBe(0);
  });

  it.each([null, 'bob', {}, 1])('[PL-3] %j names nobody', (additional_creators) => {
    const levels = levelsIn('12', undefined, { additional_creators });
    expect(levels.creators).toEqual(new Set([userId('alice')]));
  });
});

describe('levels that an event sets', () => {
  const content = {
    users_default: 1,
    events_default: 2,
    state_default: 3,
    ban: 4,
    kick: 5,
    redact: 6,
    invite: 7,
    users: { [userId('bob')]: 8 },
    events: { 'm.room.topic': 9, 'm.room.message': 10 },
    notifications: { room: 11 },
  };

  it.each(allVersions)('[PL-4] version %s: each where it belongs', (version) => {
    const levels = levelsIn(version, content);
    expect(named(levels)).toEqual({
      usersDefault: 1,
      eventsDefault: 2,
      stateDefault: 3,
      ban: 4,
      kick: 5,
      redact: 6,
      invite: 7,
    });
    expect(levels.user(userId('bob'))).toBe(8);
    expect(levels.user(userId('carol'))).toBe(1);
    expect(levels.event('m.room.topic', true)).toBe(9);
    expect(levels.event('m.room.topic', false)).toBe(9);
    expect(levels.event('m.room.message', false)).toBe(10);
    expect(levels.event('org.example', false)).toBe(2);
    expect(levels.event('org.example', true)).toBe(3);
    expect(levels.notifications('room')).toBe(11);
    expect(levels.notifications('other')).toBe(50);
  });

  it.each(versionsThrough('9'))('[PL-6] version %s: as text, too', (version) => {
    const levels = levelsIn(version, { ban: ' 060 ', users: { [userId('bob')]: '-5' } });
    expect(levels.ban).toBe(60);
    expect(levels.user(userId('bob'))).toBe(-5);
  });

  it.each(versionsFrom('10'))('[PL-6] version %s: never as text', (version) => {
    const levels = levelsIn(version, { ban: '60', users: { [userId('bob')]: '-5' } });
    expect(levels.ban).toBe(50);
    expect(levels.user(userId('bob'))).toBe(0);
  });
});

describe('levels that nobody can read', () => {
  const junk: readonly JsonValue[] = [null, 'x', [], {}, [1], true, { a: {} }];

  it.each(allVersions)('[PL-8] version %s: are as if they were absent', (version) => {
    for (const value of junk) {
      const all = ['users_default', 'events_default', 'state_default', 'ban', 'kick', 'redact']
        .concat('invite', 'users', 'events', 'notifications')
        .map((property) => [property, value] as const);
      const levels = levelsIn(version, Object.fromEntries(all));
      expect(named(levels)).toEqual(defaults);
      expect(levels.user(userId('bob'))).toBe(0);
      expect(levels.event('a', true)).toBe(50);
      expect(levels.notifications('a')).toBe(50);
    }
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '[PL-8] %s is a key like any other',
    (key) => {
      const empty = levelsIn('11', { users: {}, events: {}, notifications: {} });
      expect([empty.user(key), empty.event(key, false), empty.notifications(key)]).toEqual([
        0, 0, 50,
      ]);
      const map = Object.fromEntries([[key, 7]]);
      const set = levelsIn('11', { events: map, notifications: map });
      expect([set.event(key, false), set.notifications(key)]).toEqual([7, 7]);
      const inherited = levelsIn('11', Object.fromEntries([['__proto__', { ban: 7 }]]));
      expect(inherited.ban).toBe(50);
    },
  );

  it('[PL-8] one event is read as each room version reads it', () => {
    const room = new RoomBuilder('9');
    room.create('alice');
    const event = room.powerLevels('alice', { ban: '60' });
    const lookup = (type: string) => (type === 'm.room.power_levels' ? event : undefined);
    const bans = [room.rules, new RoomBuilder('10').rules, room.rules].map(
      (rules) => powerLevelsOf(lookup, rules).ban,
    );
    expect(bans).toEqual([60, 50, 60]);
  });
});
