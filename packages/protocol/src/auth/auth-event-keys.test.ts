import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { userId } from '../testing/room-builder.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { authEventKeys } from './auth-event-keys.ts';

const alice = userId('alice');
const bob = userId('bob');

function keysOf(version: RoomVersionId, type: string, stateKey?: string, content: JsonObject = {}) {
  const keys = authEventKeys({ type, sender: alice, stateKey, content }, getRoomVersion(version));
  return keys.map(([type, stateKey]) => `${type}|${stateKey}`).sort();
}

describe('selection of auth events', () => {
  it.each(allVersions)('[AES-1] version %s: a create event has none', (version) => {
    expect(keysOf(version, 'm.room.create', '')).toEqual([]);
  });

  it.each(versionsThrough('11'))('[AES-2] version %s: the create event is one', (version) => {
    expect(keysOf(version, 'm.room.message')).toContain('m.room.create|');
  });

  it.each(versionsFrom('12'))('[AES-2] version %s: the create event is none', (version) => {
    expect(keysOf(version, 'm.room.message')).not.toContain('m.room.create|');
    expect(keysOf(version, 'm.room.member', bob, { membership: 'join' })).not.toContain(
      'm.room.create|',
    );
  });

  it.each(allVersions)(
    '[AES-3] [AES-4] version %s: power levels and the sender, whatever is sent',
    (version) => {
      for (const type of ['m.room.message', 'm.room.power_levels', 'm.room.member']) {
        expect(keysOf(version, type, '')).toEqual(
          expect.arrayContaining(['m.room.power_levels|', `m.room.member|${alice}`]),
        );
      }
    },
  );

  it.each(allVersions)('[AES-5] version %s: the target of a member event', (version) => {
    for (const membership of ['join', 'invite', 'leave', 'ban', 'knock']) {
      const keys = keysOf(version, 'm.room.member', bob, { membership });
      expect(keys).toContain(`m.room.member|${bob}`);
    }
    expect(keysOf(version, 'org.example', bob)).not.toContain(`m.room.member|${bob}`);
  });

  it.each(allVersions)('[AES-5] version %s: nobody twice', (version) => {
    const content = { membership: 'join', join_authorised_via_users_server: alice };
    const keys = keysOf(version, 'm.room.member', alice, content);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it.each(['join', 'invite', 'knock'])('[AES-6] %s needs the join rules', (membership) => {
    for (const version of allVersions) {
      const keys = keysOf(version, 'm.room.member', bob, { membership });
      expect(keys).toContain('m.room.join_rules|');
    }
  });

  it.each(['leave', 'ban', 'other', 7, null])('[AES-6] %s needs no join rules', (membership) => {
    for (const version of allVersions) {
      const keys = keysOf(version, 'm.room.member', bob, { membership });
      expect(keys).not.toContain('m.room.join_rules|');
    }
  });

  it('[AES-7] an invite by address needs what promised it', () => {
    const invite = { membership: 'invite', third_party_invite: { signed: { token: 'abc' } } };
    for (const version of allVersions) {
      expect(keysOf(version, 'm.room.member', bob, invite)).toContain(
        'm.room.third_party_invite|abc',
      );
      expect(
        keysOf(version, 'm.room.member', bob, { ...invite, membership: 'join' }),
      ).not.toContain('m.room.third_party_invite|abc');
    }
  });

  it.each([[], 'abc', { signed: 'abc' }, { signed: { token: 1 } }, { signed: { mxid: bob } }])(
    '[AES-7] no key is made of a malformed one: %j',
    (invite) => {
      const content = { membership: 'invite', third_party_invite: invite };
      const keys = keysOf('11', 'm.room.member', bob, content);
      expect(keys.filter((key) => key.startsWith('m.room.third_party_invite'))).toEqual([]);
    },
  );

  it('[AES-8] a restricted join needs the user that authorised it, where there are such joins', () => {
    const content = { membership: 'join', join_authorised_via_users_server: userId('mod') };
    const authoriser = `m.room.member|${userId('mod')}`;
    for (const version of versionsFrom('8')) {
      expect(keysOf(version, 'm.room.member', bob, content)).toContain(authoriser);
      const leave = { ...content, membership: 'leave' };
      expect(keysOf(version, 'm.room.member', bob, leave)).not.toContain(authoriser);
    }
    for (const version of versionsThrough('7')) {
      expect(keysOf(version, 'm.room.member', bob, content)).not.toContain(authoriser);
    }
  });
});
