import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../json/value.ts';
import { readAllowedRooms } from './allowed-rooms.ts';
import { readRoomType, readRoomVersion } from './create.ts';
import { MEMBERSHIPS, readMembership } from './membership.ts';

const inherited = Object.create({
  membership: 'join',
  room_version: '11',
  type: 'm.space',
}) as JsonObject;

describe('readers of content', () => {
  it.each(MEMBERSHIPS)('[EV-12] know the membership %s', (membership) => {
    expect(readMembership({ membership })).toBe(membership);
  });

  it.each([undefined, null, 1, '', 'Join', ['join'], 'constructor'])(
    '[EV-12] know no membership %j',
    (membership) => {
      expect(readMembership(membership === undefined ? {} : { membership })).toBeUndefined();
    },
  );

  it('[EV-12] take 1 for the version of a room that says none', () => {
    expect(readRoomVersion({})).toBe('1');
    expect(readRoomVersion({ room_version: 'org.example' })).toBe('org.example');
    expect(readRoomVersion({ room_version: 12 })).toBeUndefined();
    expect(readRoomVersion({ room_version: null })).toBeUndefined();
  });

  it('[EV-12] tell spaces from rooms', () => {
    expect(readRoomType({ type: 'm.space' })).toBe('m.space');
    expect(readRoomType({})).toBeUndefined();
    expect(readRoomType({ type: ['m.space'] })).toBeUndefined();
  });

  it('[EV-12] take own members only', () => {
    expect(readMembership(inherited)).toBeUndefined();
    expect(readRoomVersion(inherited)).toBe('1');
    expect(readRoomType(inherited)).toBeUndefined();
  });

  it('[EV-12] list the rooms that let somebody in', () => {
    const membershipOf = (room_id: JsonValue) => ({ type: 'm.room_membership', room_id });
    const allow = [
      membershipOf('!a:example.org'),
      membershipOf('!Nhcu5BS-UMnFX7hBVfVSoXiD7OgH6iRT-xyIuqDnpYQ'),
      membershipOf('not a room'),
      membershipOf(1),
      { type: 'm.other', room_id: '!b:example.org' },
      { type: 'm.room_membership' },
      '!c:example.org',
      null,
    ];
    expect(readAllowedRooms({ allow })).toEqual([
      '!a:example.org',
      '!Nhcu5BS-UMnFX7hBVfVSoXiD7OgH6iRT-xyIuqDnpYQ',
    ]);
    for (const none of [{}, { allow: null }, { allow: {} }, { allow: 'all' }]) {
      expect(readAllowedRooms(none)).toEqual([]);
    }
  });
});
