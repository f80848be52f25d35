import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/value.ts';
import { RoomBuilder, userId } from '../testing/room-builder.ts';
import { canUserSee, type UserSight } from './can-user-see.ts';
import { readHistoryVisibility, type HistoryVisibility } from './history-visibility.ts';

const BOB = userId('bob');

function message() {
  const room = new RoomBuilder('12');
  room.create();
  return room.message('alice');
}

function seesMessage(sight: Partial<UserSight>): boolean {
  const unknown: UserSight = {
    historyVisibility: 'shared',
    membership: undefined,
    joinsLater: false,
  };
  return canUserSee(message(), BOB, { ...unknown, ...sight });
}

describe('what a room says', () => {
  it.each([
    [undefined, 'shared'],
    [{}, 'shared'],
    [{ history_visibility: 'secret' }, 'shared'],
    [{ history_visibility: ['joined'] }, 'shared'],
    [{ history_visibility: null }, 'shared'],
    [{ history_visibility: 'world_readable' }, 'world_readable'],
    [{ history_visibility: 'shared' }, 'shared'],
    [{ history_visibility: 'invited' }, 'invited'],
    [{ history_visibility: 'joined' }, 'joined'],
  ] satisfies [JsonObject | undefined, HistoryVisibility][])(
    '[VIS-1] content %j is %s',
    (content, expected) => {
      expect(readHistoryVisibility(content)).toBe(expected);
    },
  );
});

describe('an event that changes nothing of it', () => {
  const memberships = [undefined, 'invite', 'join', 'leave', 'ban', 'knock'] as const;

  it.each(memberships)('[VIS-2] world_readable: membership %s sees', (membership) => {
    expect(seesMessage({ historyVisibility: 'world_readable', membership })).toBe(true);
  });

  it.each(['world_readable', 'shared', 'invited', 'joined'] as const)(
    '[VIS-3] %s: who is joined sees',
    (historyVisibility) => {
      expect(seesMessage({ historyVisibility, membership: 'join' })).toBe(true);
    },
  );

  it.each(memberships.filter((membership) => membership !== 'join'))(
    '[VIS-4] shared: membership %s sees when the user joins later, and else not',
    (membership) => {
      expect(seesMessage({ historyVisibility: 'shared', membership, joinsLater: true })).toBe(true);
      expect(seesMessage({ historyVisibility: 'shared', membership })).toBe(false);
    },
  );

  it.each([true, false])(
    '[VIS-5] invited: who is invited sees, joining later: %s',
    (joinsLater) => {
      expect(seesMessage({ historyVisibility: 'invited', membership: 'invite', joinsLater })).toBe(
        true,
      );
    },
  );

  it.each([undefined, 'leave', 'ban', 'knock'])(
    '[VIS-6] invited: membership %s sees nothing, joining later or not',
    (membership) => {
      expect(seesMessage({ historyVisibility: 'invited', membership })).toBe(false);
      expect(seesMessage({ historyVisibility: 'invited', membership, joinsLater: true })).toBe(
        false,
      );
    },
  );

  it.each([undefined, 'invite', 'leave', 'ban', 'knock'])(
    '[VIS-6] joined: membership %s sees nothing, joining later or not',
    (membership) => {
      expect(seesMessage({ historyVisibility: 'joined', membership })).toBe(false);
      expect(seesMessage({ historyVisibility: 'joined', membership, joinsLater: true })).toBe(
        false,
      );
    },
  );
});

describe('an event that changes the history visibility', () => {
  it.each([
    ['world_readable', 'joined', true],
    ['joined', 'world_readable', true],
    ['joined', 'nonsense', false],
    ['joined', 'invited', false],
    ['invited', 'joined', false],
  ] as const)('[VIS-7] from %s to %s, seen by a stranger: %j', (before, after, expected) => {
    const room = new RoomBuilder('12');
    room.create();
    const event = room.state('alice', 'm.room.history_visibility', '', {
      history_visibility: after,
    });
    const sight = { historyVisibility: before, membership: undefined, joinsLater: false };
    expect(canUserSee(event, BOB, sight)).toBe(expected);
  });

  it('[VIS-7] shared before or after opens it to who joins later', () => {
    const room = new RoomBuilder('12');
    room.create();
    const event = room.state('alice', 'm.room.history_visibility', '', {
      history_visibility: 'shared',
    });
    const sight = { historyVisibility: 'joined', membership: undefined } as const;
    expect(canUserSee(event, BOB, { ...sight, joinsLater: true })).toBe(true);
    expect(canUserSee(event, BOB, { ...sight, joinsLater: false })).toBe(false);
  });

  it('[VIS-7] another state key changes nothing', () => {
    const room = new RoomBuilder('12');
    room.create();
    const event = room.state('alice', 'm.room.history_visibility', 'other', {
      history_visibility: 'world_readable',
    });
    const sight = {
      historyVisibility: 'joined',
      membership: undefined,
      joinsLater: false,
    } as const;
    expect(canUserSee(event, BOB, sight)).toBe(false);
  });
});

describe('membership events', () => {
  function seesMember(target: string, before: string | undefined, after: string): boolean {
    const room = new RoomBuilder('12');
    room.create();
    const event = room.member('alice', target, after);
    const sight = { historyVisibility: 'joined', membership: before, joinsLater: false } as const;
    return canUserSee(event, BOB, sight);
  }

  it.each([
    [undefined, 'join', true],
    ['invite', 'join', true],
    ['join', 'leave', true],
    ['join', 'ban', true],
    ['leave', 'ban', false],
    [undefined, 'invite', false],
    ['invite', 'leave', false],
  ] as const)('[VIS-8] own, from %s to %s under joined: %j', (before, after, expected) => {
    expect(seesMember('bob', before, after)).toBe(expected);
  });

  it('[VIS-8] own invite opens under invited, and so does its end', () => {
    const room = new RoomBuilder('12');
    room.create();
    const sight = { historyVisibility: 'invited', joinsLater: false } as const;
    const invite = room.invite('alice', 'bob');
    const end = room.leave('bob');
    expect(canUserSee(invite, BOB, { ...sight, membership: undefined })).toBe(true);
    expect(canUserSee(end, BOB, { ...sight, membership: 'invite' })).toBe(true);
    expect(canUserSee(room.message('alice'), BOB, { ...sight, membership: 'leave' })).toBe(false);
  });

  it('[VIS-8] those of others count as any event', () => {
    expect(seesMember('carol', undefined, 'join')).toBe(false);
    expect(seesMember('carol', 'join', 'leave')).toBe(true);
  });

  it('[VIS-8] a message of that type is no membership', () => {
    const room = new RoomBuilder('12');
    room.create();
    const event = room.send({
      type: 'm.room.member',
      sender: 'bob',
      content: { membership: 'join' },
    });
    const sight = {
      historyVisibility: 'joined',
      membership: undefined,
      joinsLater: false,
    } as const;
    expect(canUserSee(event, BOB, sight)).toBe(false);
  });
});
