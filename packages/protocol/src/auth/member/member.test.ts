import { describe, expect, it } from 'vitest';
import { requiredSignatures } from '../../events/required-signatures.ts';
import type { JsonObject } from '../../json/value.ts';
import { judge } from '../../testing/judge.ts';
import { userId } from '../../testing/room-builder.ts';
import { standardRoom } from '../../testing/standard-room.ts';
import { allVersions, versionsFrom } from '../../testing/versions.ts';

const type = 'm.room.member';
const stateKey = userId('bob');

describe('m.room.member', () => {
  it.each(allVersions)('[AUTH-5.1] version %s: has a state key', (version) => {
    const sketch = { type, sender: 'bob', content: { membership: 'join' } };
    expect(judge(standardRoom(version), sketch)).toBe('AUTH-5.1');
    expect(judge(standardRoom(version), { ...sketch, stateKey })).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.1] version %s: has a membership', (version) => {
    const inherited = Object.create({ membership: 'join' }) as JsonObject;
    const proto = Object.fromEntries([['__proto__', { membership: 'join' }]]);
    for (const content of [{}, { Membership: 'join' }, inherited, proto]) {
      expect(judge(standardRoom(version), { type, sender: 'bob', stateKey, content })).toBe(
        'AUTH-5.1',
      );
    }
  });

  it.each(versionsFrom('8'))(
    '[AUTH-5.2.1] version %s: the server of an authorising user has signed it',
    (version) => {
      const room = standardRoom(version);
      for (const membership of ['join', 'invite', 'leave', 'ban', 'knock']) {
        const content = { membership, join_authorised_via_users_server: '@zoe:other.example' };
        const event = room.build({ type, sender: 'bob', stateKey, content });
        const servers = requiredSignatures({ ...event, rules: room.rules, json: {} });
        expect(servers).toEqual(['example.org', 'other.example']);
      }
    },
  );

  it.each(allVersions)('[AUTH-5.8] version %s: of the known ones', (version) => {
    for (const membership of ['JOIN', '', 'constructor', null, 1, true, ['join'], {}]) {
      const sketch = { type, sender: 'bob', stateKey, content: { membership } };
      expect(judge(standardRoom(version), sketch)).toBe('AUTH-5.8');
    }
  });

  it.each(allVersions)('[AUTH-5] version %s: takes no level to send', (version) => {
    const room = standardRoom(version, { state_default: 100, events: { [type]: 100 } });
    const sketch = { type, sender: 'bob', stateKey, content: { membership: 'leave' } };
    expect(judge(room, sketch)).toBe('allowed');
  });
});
