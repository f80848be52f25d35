import { describe, expect, it } from 'vitest';
import { type JsonObject, type JsonValue, NumberLiteral } from '../json/value.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { judge } from '../testing/judge.ts';
import { RoomBuilder, userId } from '../testing/room-builder.ts';
import { standardLevels, standardRoom, usersWith } from '../testing/standard-room.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';

const named = [
  'users_default',
  'events_default',
  'state_default',
  'ban',
  'redact',
  'kick',
  'invite',
] as const;

function send(room: RoomBuilder, sender: string, content: JsonObject): string {
  return judge(room, { type: 'm.room.power_levels', sender, stateKey: '', content });
}

/** Verdict on mod (level 50) changing what stands beside `users`. */
function change(version: RoomVersionId, from: JsonObject, to: JsonObject, sender = 'mod'): string {
  const room = standardRoom(version, from);
  return send(room, sender, standardLevels(room, to));
}

/** Verdict on a change of `users`, by name. */
function changeUsers(
  version: RoomVersionId,
  from: JsonObject,
  to: JsonObject,
  sender = 'mod',
): string {
  const room = standardRoom(version);
  room.powerLevels('alice', { users: usersWith(room, from) });
  return send(room, sender, { users: usersWith(room, to) });
}

describe('the form of power levels', () => {
  const junk: readonly JsonValue[] = [null, true, 'x', '', [], [50], {}];

  it.each(versionsFrom('10'))('[AUTH-10.1] version %s: an integer or nothing', (version) => {
    for (const name of named) {
      for (const value of [...junk, '50', ' 50 ']) {
        expect(change(version, {}, { [name]: value }, 'alice')).toBe('AUTH-10.1');
      }
      expect(change(version, {}, { [name]: 50 }, 'alice')).toBe('allowed');
    }
  });

  it.each(versionsFrom('10'))('[AUTH-10.2] version %s: integers in an object', (version) => {
    for (const property of ['events', 'notifications']) {
      for (const value of [null, true, 'x', 5, [], [50], { a: '50' }, { a: 1, b: null }]) {
        expect(change(version, {}, { [property]: value }, 'alice')).toBe('AUTH-10.2');
      }
      for (const value of [{}, { a: 50 }]) {
        expect(change(version, {}, { [property]: value }, 'alice')).toBe('allowed');
      }
    }
  });

  it.each(allVersions)('[AUTH-10.3] version %s: users are ids with levels', (version) => {
    for (const users of [null, true, 'x', 5, [], { [userId('bob')]: null }]) {
      expect(change(version, {}, { users }, 'alice')).toBe('AUTH-10.3');
    }
    for (const key of ['bob', '@bob', '@bob:', '', '__proto__', `@${'b'.repeat(255)}:a.example`]) {
      const users = Object.fromEntries([[key, 0]]);
      expect(change(version, {}, { users }, 'alice')).toBe('AUTH-10.3');
    }
  });

  it.each(allVersions)('[AUTH-10.3] version %s: historical users are users', (version) => {
    expect(change(version, {}, { users: { '@Böb !:a.example:8448': 0, '@:a': 0 } }, 'alice')).toBe(
      'allowed',
    );
  });

  it.each(allVersions)('[AUTH-10.3] version %s: no users are no fault', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice');
    room.join('alice');
    expect(send(room, 'alice', {})).toBe('allowed');
  });

  it.each(versionsThrough('9'))('[AUTH-10.3] version %s: a level may be text', (version) => {
    const users = (level: JsonValue) => ({ users: { [userId('bob')]: level } });
    expect(change(version, {}, users(' +00 '), 'alice')).toBe('allowed');
    expect(change(version, {}, users('0x0'), 'alice')).toBe('AUTH-10.3');
  });

  it.each(versionsFrom('10'))('[AUTH-10.3] version %s: a level is no text', (version) => {
    expect(change(version, {}, { users: { [userId('bob')]: '0' } }, 'alice')).toBe('AUTH-10.3');
  });

  it.each(versionsThrough('5'))('[AUTHA-10] version %s: floats are levels', (version) => {
    expect(change(version, {}, { ban: new NumberLiteral('49.9') })).toBe('allowed');
    expect(change(version, {}, { ban: new NumberLiteral('51.0') })).toBe('AUTH-10.6.2');
    expect(change(version, {}, { ban: new NumberLiteral('1e400') })).toBe('AUTHA-10');
  });

  it.each(versionsThrough('9'))('[AUTHA-10] version %s: what no one can read', (version) => {
    for (const value of junk) {
      for (const name of named) {
        expect(change(version, {}, { [name]: value }, 'alice')).toBe('AUTHA-10');
      }
      expect(change(version, {}, { events: { a: value } }, 'alice')).toBe('AUTHA-10');
    }
    expect(change(version, {}, { events: [] }, 'alice')).toBe('AUTHA-10');
    expect(change(version, {}, { ban: '50', events: { a: ' 50 ' } }, 'alice')).toBe('allowed');
  });

  it.each(['6', '7', '8', '9'] as const)('[AUTHA-10] version %s: notifications', (version) => {
    expect(change(version, {}, { notifications: { room: null } }, 'alice')).toBe('AUTHA-10');
  });

  it.each(versionsThrough('5'))('[AUTHA-10] version %s: not notifications', (version) => {
    expect(change(version, {}, { notifications: { room: null } }, 'alice')).toBe('allowed');
  });
});

describe('creators in power levels', () => {
  function roomOfTwo(version: RoomVersionId): RoomBuilder {
    const room = new RoomBuilder(version);
    room.create('alice', { additional_creators: [userId('bob')] });
    room.join('alice');
    return room;
  }

  it.each(versionsFrom('12'))('[AUTH-10.4] version %s: are not named', (version) => {
    const room = roomOfTwo(version);
    for (const creator of ['alice', 'bob']) {
      expect(send(room, 'alice', { users: { [userId(creator)]: 100 } })).toBe('AUTH-10.4');
    }
    expect(send(room, 'alice', { users: { [userId('carol')]: 100 } })).toBe('allowed');
  });

  it.each(versionsThrough('11'))('[AUTH-10.4] version %s: may be named', (version) => {
    const users = { [userId('alice')]: 100, [userId('bob')]: 100 };
    expect(send(roomOfTwo(version), 'alice', { users })).toBe('allowed');
  });
});

describe('the first power levels', () => {
  it.each(allVersions)('[AUTH-10.5] version %s: may be any', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice');
    room.join('alice');
    const content = {
      ban: 1000,
      users: { [userId('bob')]: 1000 },
      events: { a: 1000 },
      notifications: { room: 1000 },
    };
    expect(send(room, 'alice', content)).toBe('allowed');
  });
});

describe.each(named)('%s', (name) => {
  it.each(allVersions)('[AUTH-10.6.1] version %s: from above the own level', (version) => {
    for (const to of [{ [name]: 50 }, { [name]: 52 }, {}]) {
      const room = standardRoom(version, { events: { 'm.room.power_levels': 0 } });
      const users = usersWith(room, { mod: 50 });
      const events = { 'm.room.power_levels': 0 };
      room.powerLevels('alice', { users, events, [name]: 51 });
      expect(send(room, 'mod', { users, events, ...to })).toBe('AUTH-10.6.1');
      expect(send(room, 'alice', { users, events, ...to })).toBe('allowed');
      expect(send(room, 'mod', { users, events, [name]: 51 })).toBe('allowed');
    }
  });

  it.each(allVersions)('[AUTH-10.6.2] version %s: to above the own level', (version) => {
    expect(change(version, {}, { [name]: 51 })).toBe('AUTH-10.6.2');
    expect(change(version, { [name]: 50 }, { [name]: 51 })).toBe('AUTH-10.6.2');
    expect(change(version, {}, { [name]: 51 }, 'alice')).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-10.11] version %s: within the own level', (version) => {
    for (const [from, to] of [
      [{}, { [name]: 50 }],
      [{ [name]: 50 }, {}],
      [{ [name]: 0 }, { [name]: 50 }],
      [{ [name]: 50 }, { [name]: -100 }],
    ] as const) {
      expect(change(version, from, to)).toBe('allowed');
    }
  });
});

describe('events and notifications', () => {
  const checked = [
    ...allVersions.map((version) => [version, 'events'] as const),
    ...versionsFrom('6').map((version) => [version, 'notifications'] as const),
  ];

  it.each(checked)('[AUTH-10.7.1] version %s, %s: from above', (version, property) => {
    const from = { [property]: { a: 51, b: 50 } };
    for (const map of [{ a: 50, b: 50 }, { a: 52, b: 50 }, { b: 50 }, {}]) {
      expect(change(version, from, { [property]: map })).toBe('AUTH-10.7.1');
      expect(change(version, from, { [property]: map }, 'alice')).toBe('allowed');
    }
    expect(change(version, from, {})).toBe('AUTH-10.7.1');
    expect(change(version, from, { [property]: { a: 51 } })).toBe('allowed');
  });

  it.each(checked)('[AUTH-10.8.1] version %s, %s: to above', (version, property) => {
    for (const from of [{}, { [property]: {} }, { [property]: { a: 50 } }]) {
      expect(change(version, from, { [property]: { a: 51 } })).toBe('AUTH-10.8.1');
      expect(change(version, from, { [property]: { a: 50 } })).toBe('allowed');
      expect(change(version, from, { [property]: { a: 51 } }, 'alice')).toBe('allowed');
    }
  });

  it.each(checked)('[AUTH-10.8.1] version %s, %s: of any key', (version, property) => {
    const map = Object.fromEntries([['__proto__', 51]]);
    expect(change(version, {}, { [property]: map })).toBe('AUTH-10.8.1');
    expect(change(version, { [property]: map }, {})).toBe('AUTH-10.7.1');
  });

  it.each(versionsThrough('5'))('[AUTH-10.7.1] version %s: notifications are free', (version) => {
    expect(change(version, { notifications: { room: 99 } }, {})).toBe('allowed');
    expect(change(version, {}, { notifications: { room: 99 } })).toBe('allowed');
  });

  it.each(versionsThrough('9'))(
    '[AUTH-10.7.1] version %s: other spelling is no change',
    (version) => {
      const from = { events: { a: '51' }, ban: '060' };
      expect(change(version, from, { events: { a: 51 }, ban: ' 60 ' })).toBe('allowed');
    },
  );
});

describe('users', () => {
  it.each(allVersions)('[AUTH-10.9.1] version %s: equals are out of reach', (version) => {
    for (const to of [{ mia: 49 }, { mia: 0 }, { mia: -1 }]) {
      expect(changeUsers(version, {}, to)).toBe('AUTH-10.9.1');
      expect(changeUsers(version, {}, to, 'alice')).toBe('allowed');
    }
    expect(changeUsers(version, { carol: 51 }, { carol: 0 })).toBe('AUTH-10.9.1');
    expect(changeUsers(version, { carol: 50 }, {})).toBe('AUTH-10.9.1');
    expect(changeUsers(version, { carol: 49 }, {})).toBe('allowed');
    expect(changeUsers(version, { carol: 49 }, { carol: 10 })).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-10.9.1] version %s: oneself is not', (version) => {
    expect(changeUsers(version, {}, { mod: 49 })).toBe('allowed');
    expect(changeUsers(version, {}, { mod: -100 })).toBe('allowed');
    const room = standardRoom(version);
    const { [userId('mod')]: _, ...users } = usersWith(room, {});
    expect(send(room, 'mod', { users })).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-10.10.1] version %s: nobody is lifted above', (version) => {
    expect(changeUsers(version, {}, { carol: 51 })).toBe('AUTH-10.10.1');
    expect(changeUsers(version, { carol: 49 }, { carol: 51 })).toBe('AUTH-10.10.1');
    expect(changeUsers(version, {}, { mod: 51 })).toBe('AUTH-10.10.1');
    expect(changeUsers(version, {}, { carol: 50 })).toBe('allowed');
    expect(changeUsers(version, {}, { carol: 51 }, 'alice')).toBe('allowed');
  });

  it.each(versionsFrom('12'))('[AUTH-10.10.1] version %s: creators lift to any', (version) => {
    const to = { carol: 2 ** 53 - 1 };
    expect(changeUsers(version, {}, to, 'alice')).toBe('allowed');
    expect(changeUsers(version, to, {}, 'alice')).toBe('allowed');
  });

  it.each(versionsThrough('5'))('[AUTH-10.10.1] version %s: huge levels differ', (version) => {
    const huge = (last: number) => new NumberLiteral(`900719925474099${last}`);
    const room = standardRoom(version);
    room.powerLevels('alice', { users: { [userId('mod')]: huge(3) } });
    const lift = (level: JsonValue) =>
      send(room, 'mod', { users: { [userId('mod')]: huge(3), [userId('carol')]: level } });
    expect(lift(huge(3))).toBe('allowed');
    expect(lift(huge(4))).toBe('AUTH-10.10.1');
    expect(lift('9007199254740993')).toBe('allowed');
  });
});

describe('power levels under another key', () => {
  it.each(allVersions)('[AUTH-10] version %s: are measured by those in force', (version) => {
    const room = standardRoom(version);
    const sketch = { type: 'm.room.power_levels', sender: 'mod', stateKey: 'other' };
    expect(judge(room, { ...sketch, content: standardLevels(room, { ban: 51 }) })).toBe(
      'AUTH-10.6.2',
    );
    expect(judge(room, { ...sketch, content: standardLevels(room) })).toBe('allowed');
  });
});
