import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../json/value.ts';
import type { RoomVersionId } from '../../room-versions/rules.ts';
import { judge } from '../../testing/judge.ts';
import { RoomBuilder, userId } from '../../testing/room-builder.ts';
import { standardRoom } from '../../testing/standard-room.ts';
import { allVersions, versionsFrom, versionsThrough } from '../../testing/versions.ts';

const dave = { type: 'm.room.member', sender: 'dave', stateKey: userId('dave') };
const join = { ...dave, content: { membership: 'join' } };

function roomWithRule(version: RoomVersionId, joinRule: string): RoomBuilder {
  const room = standardRoom(version);
  room.joinRule('alice', joinRule);
  return room;
}

function joinAuthorisedBy(user: JsonValue) {
  return { ...dave, content: { membership: 'join', join_authorised_via_users_server: user } };
}

describe('the first join', () => {
  const first = { ...join, sender: 'alice', stateKey: userId('alice') };

  it.each(allVersions)('[AUTH-5.3.1] version %s: the creator enters an empty room', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice');
    expect(judge(room, first)).toBe('allowed');
    expect(judge(room, join)).toBe('AUTH-5.3.7');
  });

  it.each(allVersions)('[AUTH-5.3.1] version %s: only right after the creation', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice');
    room.join('alice');
    room.leave('alice', { name: 'left' });
    expect(judge(room, first)).toBe('AUTH-5.3.7');
    const state = room.stateAfter();
    expect(judge(room, { ...first, prev: ['create', 'left'], state })).toBe('AUTH-5.3.7');
    expect(judge(room, { ...first, prev: ['create'], state })).toBe('allowed');
  });

  it.each(versionsThrough('10'))('[AUTH-5.3.1] version %s: content says who it is', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice', { creator: userId('dave') });
    expect(judge(room, first)).toBe('AUTH-5.3.7');
    expect(judge(room, join)).toBe('allowed');
  });

  it.each(versionsFrom('11'))('[AUTH-5.3.1] version %s: the sender is who it is', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice', { creator: userId('dave') });
    expect(judge(room, first)).toBe('allowed');
    expect(judge(room, join)).toBe('AUTH-5.3.7');
  });

  it.each(versionsFrom('12'))('[AUTH-5.3.1] version %s: a further creator waits', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice', { additional_creators: [userId('dave')] });
    expect(judge(room, join)).toBe('AUTH-5.3.7');
  });
});

describe('a join', () => {
  it.each(allVersions)('[AUTH-5.3.2] version %s: nobody joins for another', (version) => {
    const room = standardRoom(version);
    expect(judge(room, { ...join, sender: 'alice' })).toBe('AUTH-5.3.2');
    expect(judge(room, join)).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.3.3] version %s: the banned stay out', (version) => {
    const room = standardRoom(version);
    room.ban('alice', 'dave');
    expect(judge(room, join)).toBe('AUTH-5.3.3');
    room.kick('alice', 'dave');
    expect(judge(room, join)).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.3.6] version %s: a public room takes everybody', (version) => {
    expect(judge(standardRoom(version), join)).toBe('allowed');
  });

  const closed = ['invite', 'private', 'knock', 'org.example', 'Public', ''];

  it.each(allVersions)('[AUTH-5.3.7] version %s: other rooms do not', (version) => {
    for (const rule of closed) {
      expect(judge(roomWithRule(version, rule), join)).toBe('AUTH-5.3.7');
    }
  });

  it.each(allVersions)('[AUTH-5.3.4] version %s: the invited and the joined may', (version) => {
    const room = roomWithRule(version, 'invite');
    expect(judge(room, { ...join, sender: 'bob', stateKey: userId('bob') })).toBe('allowed');
    room.invite('bob', 'dave');
    expect(judge(room, join)).toBe('allowed');
    room.leave('dave');
    expect(judge(room, join)).toBe('AUTH-5.3.7');
  });

  it.each(allVersions)('[AUTH-5.3.4] version %s: no rule means the invited', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice');
    room.join('alice');
    expect(judge(room, join)).toBe('AUTH-5.3.7');
    room.state('alice', 'm.room.join_rules', '', {});
    expect(judge(room, join)).toBe('AUTH-5.3.7');
    room.invite('alice', 'dave');
    expect(judge(room, join)).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.3.7] version %s: a malformed rule lets nobody in', (version) => {
    const room = standardRoom(version);
    room.invite('alice', 'dave');
    for (const join_rule of [null, 1, ['public'], { public: true }]) {
      room.state('alice', 'm.room.join_rules', '', { join_rule });
      expect(judge(room, join)).toBe('AUTH-5.3.7');
    }
  });

  it.each(versionsFrom('7'))('[AUTH-5.3.4] version %s: knock is like invite', (version) => {
    const room = roomWithRule(version, 'knock');
    room.member('dave', 'dave', 'knock');
    expect(judge(room, join)).toBe('AUTH-5.3.7');
    room.invite('bob', 'dave');
    expect(judge(room, join)).toBe('allowed');
  });

  it.each(versionsThrough('6'))('[AUTH-5.3.4] version %s: knock is no rule', (version) => {
    const room = roomWithRule(version, 'knock');
    room.invite('bob', 'dave');
    expect(judge(room, join)).toBe('AUTH-5.3.7');
  });
});

describe('a restricted join', () => {
  const restricting = [
    ...versionsFrom('8').map((version) => [version, 'restricted'] as const),
    ...versionsFrom('10').map((version) => [version, 'knock_restricted'] as const),
  ];

  it.each(restricting)('[AUTH-5.3.5.1] version %s, %s: the invited may join', (version, rule) => {
    const room = roomWithRule(version, rule);
    expect(judge(room, join)).toBe('AUTH-5.3.5.2');
    room.invite('bob', 'dave');
    expect(judge(room, join)).toBe('allowed');
    room.join('dave');
    expect(judge(room, join)).toBe('allowed');
  });

  it.each(restricting)('[AUTH-5.3.5.2] version %s, %s: somebody lets in', (version, rule) => {
    const room = roomWithRule(version, rule);
    for (const nobody of [null, 1, true, [userId('bob')], {}, 'bob', '', userId('erin')]) {
      expect(judge(room, joinAuthorisedBy(nobody))).toBe('AUTH-5.3.5.2');
    }
    expect(judge(room, joinAuthorisedBy(userId('dave')))).toBe('AUTH-5.3.5.2');
    room.invite('bob', 'frank');
    expect(judge(room, joinAuthorisedBy(userId('frank')))).toBe('AUTH-5.3.5.2');
  });

  it.each(restricting)('[AUTH-5.3.5.3] version %s, %s: by power to invite', (version, rule) => {
    const room = standardRoom(version, { invite: 50 });
    room.joinRule('alice', rule);
    expect(judge(room, joinAuthorisedBy(userId('bob')))).toBe('AUTH-5.3.5.2');
    expect(judge(room, joinAuthorisedBy(userId('mod')))).toBe('allowed');
    expect(judge(room, joinAuthorisedBy(userId('alice')))).toBe('allowed');
  });

  it.each(restricting)('[AUTH-5.3.3] version %s, %s: not the banned', (version, rule) => {
    const room = roomWithRule(version, rule);
    room.ban('alice', 'dave');
    expect(judge(room, joinAuthorisedBy(userId('mod')))).toBe('AUTH-5.3.3');
  });

  it.each(versionsThrough('7'))('[AUTH-5.3.5] version %s: is no rule', (version) => {
    const room = roomWithRule(version, 'restricted');
    expect(judge(room, joinAuthorisedBy(userId('mod')))).toBe('AUTH-5.3.7');
    room.invite('bob', 'dave');
    expect(judge(room, join)).toBe('AUTH-5.3.7');
  });

  it.each(versionsThrough('9'))('[AUTH-5.3.5] version %s: not with knocking', (version) => {
    const room = roomWithRule(version, 'knock_restricted');
    expect(judge(room, joinAuthorisedBy(userId('mod')))).toBe('AUTH-5.3.7');
  });
});
