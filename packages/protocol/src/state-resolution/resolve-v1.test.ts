import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import { type RoomBuilder, userId } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { resolve } from './resolve.ts';
import type { StateMap } from './state-map.ts';
import { complete } from './steps.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { stateWith } from './testing/states.ts';

const AFTER = { prev: ['e8'] };

describe('state resolution of version 1', () => {
  it('[SR1-1] a key that a state lacks is no conflict, and so not judged', () => {
    const room = standardRoom('1');
    room.state('bob', 'm.room.topic', '', {}, { ...AFTER, name: 'topic' });
    const state = resolved(room, [stateWith(room), stateWith(room, 'topic')]);
    expect(state.get('m.room.topic', '')).toBe('$topic:example.org');
  });

  it('[SR1-1] a key that a state lacks is there when conflicts are judged', () => {
    const room = standardRoom('1');
    room.leave('bob', { ...AFTER, name: 'left' });
    room.invite('carol', 'bob', { prev: ['left'], name: 'invited' });
    const withoutCarol = stateWith(room, 'left');
    withoutCarol.delete('m.room.member', userId('carol'));
    const state = resolved(room, [withoutCarol, stateWith(room, 'invited')]);
    expect(state.get('m.room.member', userId('bob'))).toBe('$invited:example.org');
  });

  it('[SR1-2] power levels are decided before join rules, these before members, these before the rest', () => {
    const room = standardRoom('1');
    const levels = { users: { [userId('alice')]: 100 } };
    room.powerLevels('alice', levels, { ...AFTER, name: 'demotion' });
    room.joinRule('alice', 'public', { ...AFTER, name: 'open' });
    room.joinRule('mod', 'invite', { prev: ['open'], name: 'closed' });
    room.leave('carol', { ...AFTER, name: 'left' });
    room.join('carol', { prev: ['left'], name: 'joined' });
    room.state('carol', 'm.room.pinned_events', '', {}, { ...AFTER, name: 'old-pins' });
    room.state('mod', 'm.room.pinned_events', '', {}, { prev: ['old-pins'], name: 'pins' });
    const left = stateWith(room, 'closed', 'left', 'pins');
    const right = stateWith(room, 'demotion', 'open', 'joined', 'old-pins');
    const state = resolved(room, [left, right]);
    // Mod has no power any more; so the rules stay open, so carol may join.
    expect(state.get('m.room.power_levels', '')).toBe('$demotion:example.org');
    expect(state.get('m.room.join_rules', '')).toBe('$open:example.org');
    expect(state.get('m.room.member', userId('carol'))).toBe('$joined:example.org');
    expect(state.get('m.room.pinned_events', '')).toBe('$old-pins:example.org');
  });

  it('[SR1-3] at one depth the list goes by falling SHA-1 of the event ids', () => {
    const room = standardRoom('1');
    const names = ['one', 'two', 'three'];
    for (const name of names) {
      room.powerLevels('alice', { users: { [userId('alice')]: 100 } }, { ...AFTER, name });
    }
    // Each allows the next, so that the last of the list wins.
    const last = names.toSorted((a, b) => (sha1(room, a) < sha1(room, b) ? -1 : 1))[0] ?? '';
    const state = resolved(
      room,
      names.map((name) => stateWith(room, name)),
    );
    expect(state.get('m.room.power_levels', '')).toBe(room.eventId(last));
  });

  it('[SR1-4] the list is followed until an event is refused by the one before', () => {
    const room = standardRoom('1');
    const only = (user: string) => ({ users: { [userId(user)]: 100 } });
    room.powerLevels('alice', only('alice'), { ...AFTER, name: 'first' });
    room.powerLevels('mod', only('mod'), { prev: ['first'], name: 'refused' });
    room.powerLevels('alice', only('alice'), { prev: ['refused'], name: 'last' });
    const states = ['first', 'refused', 'last'].map((name) => stateWith(room, name));
    expect(resolved(room, states).get('m.room.power_levels', '')).toBe('$first:example.org');
  });

  it.each([
    ['[SR1-5] the deepest that is allowed wins', 'alice', 'mod', 'bob', '$second:example.org'],
    ['[SR1-6] when none is allowed, the first stays', 'bob', 'carol', 'bob', '$first:example.org'],
  ])('of other events %s', (_, first, second, third, expected) => {
    const room = threeTopics(first, second, third);
    const states = ['third', 'first', 'second'].map((name) => stateWith(room, name));
    expect(resolved(room, states).get('m.room.topic', '')).toBe(expected);
  });

  it.each<[rejected: string[], expected: string | undefined]>([
    [[], '$third:example.org'],
    [['third'], '$second:example.org'],
    [['third', 'second'], '$first:example.org'],
    [['third', 'second', 'first'], undefined],
  ])('[SR1-7] rejected events are left out: %j', (rejected, expected) => {
    const room = threeTopics('alice', 'alice', 'alice');
    const states = ['third', 'first', 'second'].map((name) => stateWith(room, name));
    expect(resolved(room, states, rejected).get('m.room.topic', '')).toBe(expected);
  });
});

/** Topics by three people, one after the other. */
function threeTopics(first: string, second: string, third: string): RoomBuilder {
  const room = standardRoom('1');
  room.state(first, 'm.room.topic', '', {}, { ...AFTER, name: 'first' });
  room.state(second, 'm.room.topic', '', {}, { name: 'second' });
  room.state(third, 'm.room.topic', '', {}, { name: 'third' });
  return room;
}

function resolved(
  room: RoomBuilder,
  states: readonly StateMap<EventId>[],
  rejected: readonly string[] = [],
): StateMap<EventId> {
  const rejectedIds = rejected.map((name) => room.eventId(name));
  return complete(resolve(states, new MemoryRoom(room.rules, room.events, rejectedIds)));
}

function sha1(room: RoomBuilder, name: string): string {
  return createHash('sha1').update(room.eventId(name)).digest('hex');
}
