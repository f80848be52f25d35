import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import type { JsonValue } from '../json/value.ts';
import { StateMap } from '../state-resolution/state-map.ts';
import { judge, judgeByState, verdictOf } from '../testing/judge.ts';
import { RoomBuilder, userId } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { checkStateRules } from './state-rules.ts';

const stranger = '@zoe:other.example';
const message = { type: 'm.room.message', sender: 'bob' };

describe('state of any kind', () => {
  it.each(allVersions)('[AUTHA-11] version %s: without a create event it is none', (version) => {
    const room = standardRoom(version);
    const state = room.stateAfter().clone();
    state.delete('m.room.create', '');
    expect(judgeByState(room, room.build(message), state)).toBe('AUTHA-11');
    const create = room.event('create');
    expect(verdictOf(checkStateRules(create, room.rules, () => undefined))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-11] version %s: what no rule forbids is allowed', (version) => {
    const room = standardRoom(version);
    expect(judge(room, message)).toBe('allowed');
    expect(judge(room, { type: 'org.example.anything', sender: 'bob' })).toBe('allowed');
    expect(judge(room, { type: '', sender: 'mod', stateKey: '' })).toBe('allowed');
  });
});

describe('a room that does not federate', () => {
  function roomWith(version: Parameters<typeof standardRoom>[0], federate: JsonValue): RoomBuilder {
    const room = new RoomBuilder(version);
    room.create('alice', { 'm.federate': federate });
    room.join('alice');
    room.joinRule('alice', 'public');
    return room;
  }
  const join = { type: 'm.room.member', content: { membership: 'join' } };

  it.each(allVersions)('[AUTH-4] version %s: takes its own server only', (version) => {
    const room = roomWith(version, false);
    expect(judge(room, { ...join, sender: stranger, stateKey: stranger })).toBe('AUTH-4');
    expect(judge(room, { ...join, sender: 'bob', stateKey: userId('bob') })).toBe('allowed');
    room.join(stranger);
    expect(judge(room, { type: 'm.room.message', sender: stranger })).toBe('AUTH-4');
    expect(
      judge(room, { type: 'm.room.aliases', sender: stranger, stateKey: 'other.example' }),
    ).toBe('AUTH-4');
  });

  it.each(allVersions)('[AUTH-4] version %s: nothing but false says so', (version) => {
    for (const federate of [true, null, 'false', 0, {}]) {
      const room = roomWith(version, federate);
      expect(judge(room, { ...join, sender: stranger, stateKey: stranger })).toBe('allowed');
    }
  });
});

describe('m.room.aliases', () => {
  const aliases = { type: 'm.room.aliases', sender: stranger };

  it.each(versionsThrough('5'))('[AUTHA-4] version %s: has a state key', (version) => {
    expect(judge(standardRoom(version), aliases)).toBe('AUTHA-4');
  });

  it.each(versionsThrough('5'))("[AUTHA-5] version %s: the sender's server", (version) => {
    const room = standardRoom(version);
    for (const stateKey of ['', 'example.org', stranger, 'Other.example', 'other.example:8448']) {
      expect(judge(room, { ...aliases, stateKey })).toBe('AUTHA-5');
    }
  });

  it.each(versionsThrough('5'))('[AUTHA-6] version %s: and nothing else', (version) => {
    const room = standardRoom(version, { events: { 'm.room.aliases': 100 } });
    expect(judge(room, { ...aliases, stateKey: 'other.example' })).toBe('allowed');
  });

  it.each(versionsFrom('6'))('[AUTHA-6] version %s: is state like any other', (version) => {
    const room = standardRoom(version);
    expect(judge(room, { ...aliases, stateKey: 'other.example' })).toBe('AUTH-6');
    expect(judge(room, { ...aliases, sender: 'bob', stateKey: 'example.org' })).toBe('AUTH-8');
    expect(judge(room, { ...aliases, sender: 'mod', stateKey: 'anything' })).toBe('allowed');
  });
});

describe('the sender', () => {
  it.each(allVersions)('[AUTH-6] version %s: is joined', (version) => {
    const room = standardRoom(version);
    expect(judge(room, { ...message, sender: 'dave' })).toBe('AUTH-6');
    for (const membership of ['invite', 'leave', 'ban', 'knock', 'Join']) {
      room.member('alice', 'dave', membership);
      expect(judge(room, { ...message, sender: 'dave' })).toBe('AUTH-6');
    }
    room.join('dave');
    expect(judge(room, { ...message, sender: 'dave' })).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-6] version %s: a creator, too', (version) => {
    const room = standardRoom(version);
    room.leave('alice');
    expect(judge(room, { ...message, sender: 'alice' })).toBe('AUTH-6');
  });

  it.each(allVersions)('[AUTH-9] version %s: owns the state under a user id', (version) => {
    const room = standardRoom(version);
    const state = { type: 'org.example.state', sender: 'mod' };
    for (const stateKey of [userId('bob'), '@', '@x', `${userId('mod')}_`]) {
      expect(judge(room, { ...state, stateKey })).toBe('AUTH-9');
    }
    for (const stateKey of [userId('mod'), '', 'bob', ` ${userId('bob')}`]) {
      expect(judge(room, { ...state, stateKey })).toBe('allowed');
    }
  });
});

describe('m.room.third_party_invite', () => {
  const promise = { type: 'm.room.third_party_invite', stateKey: 'token' };

  it.each(allVersions)('[AUTH-7.1] version %s: takes the level to invite', (version) => {
    const room = standardRoom(version, { invite: 50 });
    expect(judge(room, { ...promise, sender: 'bob' })).toBe('AUTH-7.1');
    expect(judge(room, { ...promise, sender: 'mod' })).toBe('allowed');
    expect(judge(room, { ...promise, sender: 'dave' })).toBe('AUTH-6');
  });

  it.each(allVersions)('[AUTH-7.1] version %s: and no other', (version) => {
    const room = standardRoom(version, { events: { 'm.room.third_party_invite': 100 } });
    expect(judge(room, { ...promise, sender: 'bob' })).toBe('allowed');
    expect(judge(room, { ...promise, sender: 'bob', stateKey: userId('mod') })).toBe('allowed');
  });
});

describe('the required level', () => {
  it.each(allVersions)('[AUTH-8] version %s: of messages and of state', (version) => {
    const room = standardRoom(version);
    const topic = { type: 'm.room.topic', stateKey: '' };
    expect(judge(room, { ...topic, sender: 'bob' })).toBe('AUTH-8');
    expect(judge(room, { ...topic, sender: 'mod' })).toBe('allowed');
    const strict = standardRoom(version, { events_default: 51, state_default: 0 });
    expect(judge(strict, { ...message, sender: 'mod' })).toBe('AUTH-8');
    expect(judge(strict, { ...message, sender: 'alice' })).toBe('allowed');
    expect(judge(strict, { ...topic, sender: 'bob' })).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-8] version %s: of a type by name', (version) => {
    const events = { 'm.room.message': 50, 'm.room.topic': 0 };
    const room = standardRoom(version, { events });
    expect(judge(room, message)).toBe('AUTH-8');
    expect(judge(room, { ...message, sender: 'mod' })).toBe('allowed');
    expect(judge(room, { type: 'm.room.topic', sender: 'bob', stateKey: '' })).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-8] version %s: without power levels', (version) => {
    const room = new RoomBuilder(version);
    room.create('alice');
    room.join('alice');
    room.joinRule('alice', 'public');
    room.join('bob');
    expect(judge(room, message)).toBe('allowed');
    expect(judge(room, { type: 'm.room.topic', sender: 'bob', stateKey: '' })).toBe('AUTH-8');
    expect(judge(room, { type: 'm.room.topic', sender: 'alice', stateKey: '' })).toBe('allowed');
  });

  it.each(versionsFrom('12'))('[AUTH-8] version %s: no creator lacks it', (version) => {
    const room = standardRoom(version, { events_default: 2 ** 53 - 1 });
    expect(judge(room, { ...message, sender: 'alice' })).toBe('allowed');
  });
});

describe('m.room.redaction', () => {
  const redaction = { type: 'm.room.redaction', sender: 'bob' };

  it.each(['1', '2'] as const)('[AUTHA-7] version %s: takes the level to redact', (version) => {
    const room = standardRoom(version);
    const redacts = '$event:other.example';
    expect(judge(room, { ...redaction, sender: 'mod', redacts })).toBe('allowed');
    expect(judge(room, { ...redaction, redacts })).toBe('AUTHA-9');
    expect(judge(standardRoom(version, { redact: 0 }), { ...redaction, redacts })).toBe('allowed');
  });

  it.each(['1', '2'] as const)('[AUTHA-8] version %s: or an event of the server', (version) => {
    const room = standardRoom(version);
    const own = room.message('bob', { name: 'own' });
    expect(judge(room, { ...redaction, redacts: own.eventId })).toBe('allowed');
    expect(judge(room, { ...redaction, redacts: '$any:example.org' })).toBe('allowed');
  });

  it.each(['1', '2'] as const)('[AUTHA-9] version %s: and a target', (version) => {
    const room = standardRoom(version);
    expect(judge(room, redaction)).toBe('AUTHA-9');
    for (const redacts of ['$hash', '$', '$event:', '$event:example.org:8448']) {
      expect(judge(room, { ...redaction, redacts: redacts as EventId })).toBe('AUTHA-9');
    }
  });

  it.each(versionsFrom('3'))('[AUTHA-9] version %s: is an event like any other', (version) => {
    const room = standardRoom(version);
    expect(judge(room, redaction)).toBe('allowed');
    expect(judge(room, { ...redaction, redacts: '$event:other.example' })).toBe('allowed');
    const strict = standardRoom(version, { events: { 'm.room.redaction': 50 } });
    expect(judge(strict, redaction)).toBe('AUTH-8');
  });
});

describe('a lookup', () => {
  it('[AUTH-11] is asked for what the selection names, and nothing else', () => {
    const room = standardRoom('11');
    const asked = new StateMap<true>();
    checkStateRules(room.build(message), room.rules, (type, key) => {
      asked.set(type, key, true);
      return room.stateAfter().get(type, key);
    });
    expect([...asked].map(([type, key]) => [type, key])).toEqual([
      ['m.room.create', ''],
      ['m.room.member', userId('bob')],
      ['m.room.power_levels', ''],
    ]);
  });
});
