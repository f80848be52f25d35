import { describe, expect, it } from 'vitest';
import { judge } from '../../testing/judge.ts';
import { RoomBuilder, userId } from '../../testing/room-builder.ts';
import { standardRoom } from '../../testing/standard-room.ts';
import { allVersions, versionsFrom } from '../../testing/versions.ts';

function ban(sender: string, target: string) {
  const stateKey = userId(target);
  return { type: 'm.room.member', sender, stateKey, content: { membership: 'ban' } };
}

describe('a ban', () => {
  it.each(allVersions)('[AUTH-5.6.1] version %s: comes from within the room', (version) => {
    const room = standardRoom(version, { users_default: 60, ban: 0 });
    expect(judge(room, ban('dave', 'mod'))).toBe('AUTH-5.6.1');
    room.join('dave');
    expect(judge(room, ban('dave', 'mod'))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.6.2] [AUTH-5.6.3] version %s: takes the level', (version) => {
    const room = standardRoom(version);
    expect(judge(room, ban('mod', 'bob'))).toBe('allowed');
    expect(judge(room, ban('mod', 'nobody-yet'))).toBe('allowed');
    expect(judge(room, ban('bob', 'nobody-yet'))).toBe('AUTH-5.6.3');
    const strict = standardRoom(version, { ban: 51 });
    expect(judge(strict, ban('mod', 'bob'))).toBe('AUTH-5.6.3');
    expect(judge(strict, ban('alice', 'bob'))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.6.2] version %s: reaches those below only', (version) => {
    const room = standardRoom(version);
    expect(judge(room, ban('mod', 'mia'))).toBe('AUTH-5.6.3');
    expect(judge(room, ban('mod', 'alice'))).toBe('AUTH-5.6.3');
    expect(judge(room, ban('mod', 'mod'))).toBe('AUTH-5.6.3');
    expect(judge(room, ban('alice', 'mod'))).toBe('allowed');
  });

  it.each(versionsFrom('12'))('[AUTH-5.6.2] version %s: creators reach no creator', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice', { additional_creators: [userId('bob')] });
    room.join('alice');
    room.joinRule('alice', 'public');
    room.join('bob');
    room.join('carol');
    expect(judge(room, ban('alice', 'bob'))).toBe('AUTH-5.6.3');
    expect(judge(room, ban('bob', 'alice'))).toBe('AUTH-5.6.3');
    expect(judge(room, ban('bob', 'carol'))).toBe('allowed');
  });
});
