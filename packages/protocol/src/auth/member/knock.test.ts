import { describe, expect, it } from 'vitest';
import { judge } from '../../testing/judge.ts';
import { userId } from '../../testing/room-builder.ts';
import { standardRoom } from '../../testing/standard-room.ts';
import { versionsFrom, versionsThrough } from '../../testing/versions.ts';

const knock = {
  type: 'm.room.member',
  sender: 'dave',
  stateKey: userId('dave'),
  content: { membership: 'knock' },
};

function roomWithRule(version: Parameters<typeof standardRoom>[0], joinRule: string) {
  const room = standardRoom(version);
  room.joinRule('alice', joinRule);
  return room;
}

describe('a knock', () => {
  it.each(versionsThrough('6'))('[AUTH-5.7] version %s: is unknown', (version) => {
    expect(judge(roomWithRule(version, 'knock'), knock)).toBe('AUTH-5.8');
    expect(judge(roomWithRule(version, 'knock_restricted'), knock)).toBe('AUTH-5.8');
  });

  it.each(versionsFrom('7'))('[AUTH-5.7.1] version %s: takes a rule that allows it', (version) => {
    expect(judge(roomWithRule(version, 'knock'), knock)).toBe('allowed');
    for (const joinRule of ['public', 'invite', 'restricted', 'private']) {
      expect(judge(roomWithRule(version, joinRule), knock)).toBe('AUTH-5.7.1');
    }
  });

  it.each(versionsFrom('10'))('[AUTH-5.7.1] version %s: or knock_restricted', (version) => {
    expect(judge(roomWithRule(version, 'knock_restricted'), knock)).toBe('allowed');
  });

  it.each(['7', '8', '9'] as const)('[AUTH-5.7.1] version %s: knows no mixed rule', (version) => {
    expect(judge(roomWithRule(version, 'knock_restricted'), knock)).toBe('AUTH-5.7.1');
  });

  it.each(versionsFrom('7'))('[AUTH-5.7.2] version %s: is for oneself', (version) => {
    expect(judge(roomWithRule(version, 'knock'), { ...knock, sender: 'bob' })).toBe('AUTH-5.7.2');
  });

  it.each(versionsFrom('7'))('[AUTH-5.7.3] [AUTH-5.7.4] version %s: from outside', (version) => {
    const room = roomWithRule(version, 'knock');
    room.member('dave', 'dave', 'knock');
    expect(judge(room, knock)).toBe('allowed');
    room.leave('dave');
    expect(judge(room, knock)).toBe('allowed');
    for (const membership of ['invite', 'join', 'ban']) {
      room.member('alice', 'dave', membership);
      expect(judge(room, knock)).toBe('AUTH-5.7.4');
    }
  });
});
