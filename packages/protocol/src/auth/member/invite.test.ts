import { describe, expect, it } from 'vitest';
import { judge } from '../../testing/judge.ts';
import { userId } from '../../testing/room-builder.ts';
import { standardRoom } from '../../testing/standard-room.ts';
import { allVersions } from '../../testing/versions.ts';

function invite(sender: string, target: string) {
  const stateKey = userId(target);
  return { type: 'm.room.member', sender, stateKey, content: { membership: 'invite' } };
}

describe('an invite', () => {
  it.each(allVersions)('[AUTH-5.4.2] version %s: comes from within the room', (version) => {
    const room = standardRoom(version);
    expect(judge(room, invite('erin', 'dave'))).toBe('AUTH-5.4.2');
    room.invite('alice', 'erin');
    expect(judge(room, invite('erin', 'dave'))).toBe('AUTH-5.4.2');
    room.join('erin');
    expect(judge(room, invite('erin', 'dave'))).toBe('allowed');
    room.leave('erin');
    expect(judge(room, invite('erin', 'dave'))).toBe('AUTH-5.4.2');
  });

  it.each(allVersions)('[AUTH-5.4.3] version %s: is not for the joined and banned', (version) => {
    const room = standardRoom(version);
    expect(judge(room, invite('bob', 'carol'))).toBe('AUTH-5.4.3');
    expect(judge(room, invite('bob', 'bob'))).toBe('AUTH-5.4.3');
    room.ban('alice', 'dave');
    expect(judge(room, invite('alice', 'dave'))).toBe('AUTH-5.4.3');
    room.kick('alice', 'dave');
    expect(judge(room, invite('alice', 'dave'))).toBe('allowed');
    room.invite('alice', 'dave');
    expect(judge(room, invite('alice', 'dave'))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.4.4] [AUTH-5.4.5] version %s: takes the level', (version) => {
    const room = standardRoom(version, { invite: 50 });
    expect(judge(room, invite('bob', 'dave'))).toBe('AUTH-5.4.5');
    expect(judge(room, invite('mod', 'dave'))).toBe('allowed');
    expect(judge(room, invite('alice', 'dave'))).toBe('allowed');
    expect(judge(standardRoom(version), invite('bob', 'dave'))).toBe('allowed');
    expect(judge(standardRoom(version, { users_default: -1 }), invite('bob', 'dave'))).toBe(
      'AUTH-5.4.5',
    );
  });
});
