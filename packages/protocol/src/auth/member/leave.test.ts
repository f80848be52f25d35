import { describe, expect, it } from 'vitest';
import { judge } from '../../testing/judge.ts';
import { userId } from '../../testing/room-builder.ts';
import { standardRoom, usersWith } from '../../testing/standard-room.ts';
import { allVersions, versionsFrom, versionsThrough } from '../../testing/versions.ts';

function leave(sender: string, target: string = sender) {
  const stateKey = userId(target);
  return { type: 'm.room.member', sender, stateKey, content: { membership: 'leave' } };
}

describe('leaving', () => {
  it.each(allVersions)('[AUTH-5.5.1] version %s: takes an invite or a join', (version) => {
    const room = standardRoom(version);
    expect(judge(room, leave('bob'))).toBe('allowed');
    expect(judge(room, leave('dave'))).toBe('AUTH-5.5.1');
    room.invite('bob', 'dave');
    expect(judge(room, leave('dave'))).toBe('allowed');
    room.leave('dave');
    expect(judge(room, leave('dave'))).toBe('AUTH-5.5.1');
    room.ban('alice', 'dave');
    expect(judge(room, leave('dave'))).toBe('AUTH-5.5.1');
  });

  it.each(versionsFrom('7'))('[AUTH-5.5.1] version %s: or a knock', (version) => {
    const room = standardRoom(version);
    room.member('dave', 'dave', 'knock');
    expect(judge(room, leave('dave'))).toBe('allowed');
  });

  it.each(versionsThrough('6'))('[AUTH-5.5.1] version %s: a knock is nothing', (version) => {
    const room = standardRoom(version);
    room.member('dave', 'dave', 'knock');
    expect(judge(room, leave('dave'))).toBe('AUTH-5.5.1');
  });
});

describe('kicking', () => {
  it.each(allVersions)('[AUTH-5.5.2] version %s: takes being joined', (version) => {
    const room = standardRoom(version, { users_default: 60, kick: 0 });
    expect(judge(room, leave('dave', 'mod'))).toBe('AUTH-5.5.2');
    room.invite('bob', 'dave');
    expect(judge(room, leave('dave', 'mod'))).toBe('AUTH-5.5.2');
    room.join('dave');
    expect(judge(room, leave('dave', 'mod'))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.5.4] [AUTH-5.5.5] version %s: takes power', (version) => {
    const room = standardRoom(version);
    expect(judge(room, leave('mod', 'bob'))).toBe('allowed');
    expect(judge(room, leave('bob', 'carol'))).toBe('AUTH-5.5.5');
    room.powerLevels('alice', { users: usersWith(room, { bob: 49 }) });
    expect(judge(room, leave('bob', 'carol'))).toBe('AUTH-5.5.5');
    room.powerLevels('alice', { users: usersWith(room, { bob: 49 }), kick: 49 });
    expect(judge(room, leave('bob', 'carol'))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.5.4] version %s: reaches those below only', (version) => {
    const room = standardRoom(version);
    expect(judge(room, leave('mod', 'mia'))).toBe('AUTH-5.5.5');
    expect(judge(room, leave('mod', 'alice'))).toBe('AUTH-5.5.5');
    expect(judge(room, leave('alice', 'mod'))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.5.4] version %s: takes invites back, too', (version) => {
    const room = standardRoom(version);
    room.invite('bob', 'dave');
    expect(judge(room, leave('bob', 'dave'))).toBe('AUTH-5.5.5');
    expect(judge(room, leave('mod', 'dave'))).toBe('allowed');
  });
});

describe('lifting a ban', () => {
  it.each(allVersions)('[AUTH-5.5.3] version %s: takes the ban level', (version) => {
    const room = standardRoom(version, { ban: 51, kick: 0 });
    expect(judge(room, leave('mod', 'dave'))).toBe('allowed');
    room.ban('alice', 'dave');
    expect(judge(room, leave('mod', 'dave'))).toBe('AUTH-5.5.3');
    expect(judge(room, leave('alice', 'dave'))).toBe('allowed');
    const milder = standardRoom(version, { ban: 50, kick: 0 });
    milder.ban('alice', 'dave');
    expect(judge(milder, leave('mod', 'dave'))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.5.4] version %s: takes the kick level as well', (version) => {
    const room = standardRoom(version, { ban: 0, kick: 51 });
    room.ban('alice', 'dave');
    expect(judge(room, leave('mod', 'dave'))).toBe('AUTH-5.5.5');
    expect(judge(room, leave('alice', 'dave'))).toBe('allowed');
  });
});
