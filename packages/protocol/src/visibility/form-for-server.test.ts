import { describe, expect, it } from 'vitest';
import type { RoomEvent } from '../events/room-event.ts';
import type { ServerName } from '../identifiers/brand.ts';
import { RoomBuilder } from '../testing/room-builder.ts';
import { formForServer, needsMemberships, type ServedForm } from './form-for-server.ts';
import type { HistoryVisibility } from './history-visibility.ts';

const PEER = 'peer.example:8448' as ServerName;

function served(
  event: RoomEvent,
  historyVisibility: HistoryVisibility,
  ...memberships: string[]
): ServedForm {
  return formForServer(event, PEER, { historyVisibility, memberships });
}

function room(): RoomBuilder {
  const builder = new RoomBuilder('12');
  builder.create();
  return builder;
}

describe('an event that changes nothing of who may see', () => {
  it.each(['world_readable', 'shared'] as const)(
    '[VIS-9] %s: a server of the room gets all, whoever was there at the time',
    (visibility) => {
      expect(served(room().message('alice'), visibility)).toBe('full');
      expect(needsMemberships(visibility)).toBe(false);
    },
  );

  it.each([
    ['joined', ['join'], 'full'],
    ['joined', ['leave', 'ban', 'join'], 'full'],
    ['joined', ['invite'], 'redacted'],
    ['joined', [], 'redacted'],
    ['invited', ['join'], 'full'],
    ['invited', ['invite'], 'full'],
    ['invited', ['knock', 'leave', 'ban'], 'redacted'],
    ['invited', [], 'redacted'],
  ] as const)(
    '[VIS-10] %s with users of it that are %j: %s',
    (visibility, memberships, expected) => {
      expect(served(room().message('alice'), visibility, ...memberships)).toBe(expected);
      expect(needsMemberships(visibility)).toBe(true);
    },
  );
});

describe('an event that changes it', () => {
  it.each([
    ['joined', 'shared', 'full'],
    ['shared', 'joined', 'full'],
    ['joined', 'invited', 'redacted'],
  ] as const)('[VIS-11] history visibility from %s to %s: %s', (before, after, expected) => {
    const event = room().state('alice', 'm.room.history_visibility', '', {
      history_visibility: after,
    });
    expect(served(event, before)).toBe(expected);
  });

  it('[VIS-11] an invite is shown where either visibility lets invited users see', () => {
    const event = room().state('alice', 'm.room.history_visibility', '', {
      history_visibility: 'joined',
    });
    expect(served(event, 'invited', 'invite')).toBe('full');
  });

  it.each([
    ['@bob:peer.example:8448', 'join', 'full'],
    ['@bob:peer.example:8448', 'invite', 'redacted'],
    ['@bob:peer.example', 'join', 'redacted'],
    ['@bob:8448', 'join', 'redacted'],
    ['peer.example:8448', 'join', 'redacted'],
  ])('[VIS-12] joined: a member event of %s that sets %s: %s', (subject, membership, expected) => {
    const event = room().state('@alice:example.org', 'm.room.member', subject, { membership });
    expect(served(event, 'joined')).toBe(expected);
  });

  it('[VIS-12] a server sees how its last user goes', () => {
    const builder = room();
    builder.join('@bob:peer.example:8448');
    const leave = builder.leave('@bob:peer.example:8448');
    expect(served(leave, 'joined', 'join')).toBe('full');
    expect(served(builder.message('alice'), 'joined', 'leave')).toBe('redacted');
  });
});
