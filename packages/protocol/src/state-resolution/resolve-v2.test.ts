import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import type { RoomBuilder } from '../testing/room-builder.ts';
import { standardRoom, usersWith } from '../testing/standard-room.ts';
import { resolve } from './resolve.ts';
import type { StateMap } from './state-map.ts';
import { complete } from './steps.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { stateWith } from './testing/states.ts';

const AFTER = { prev: ['e8'] };

describe('state resolution v2', () => {
  it.each<[RoomVersionId, string]>([
    ['11', '$ban'],
    ['12', '$e8'],
  ])(
    '[SR2-13] [SR21-1] version %s judges power events from the unconflicted state, or from nothing',
    (version, expected) => {
      const room = standardRoom(version);
      room.powerLevels('alice', { users: usersWith(room, { bob: 50 }) }, { name: 'p2' });
      // By its own auth events bob may not ban, by the state of both sides he may.
      room.ban('bob', 'carol', { ...AFTER, name: 'ban' });
      const states = [stateWith(room, 'p2'), stateWith(room, 'p2', 'ban')];
      expect(resolved(room, states).get('m.room.member', '@carol:example.org')).toBe(expected);
    },
  );

  it('[SR2-14] judges the rest by what the power events came to', () => {
    const room = standardRoom('11');
    room.state('mod', 'm.room.topic', '', {}, { ...AFTER, name: 'topic' });
    room.powerLevels('alice', { users: usersWith(room, { mod: 0 }) }, { ...AFTER, name: 'p2' });
    const state = resolved(room, [stateWith(room, 'topic'), stateWith(room, 'p2')]);
    expect(state.get('m.room.power_levels', '')).toBe('$p2');
    expect(state.get('m.room.topic', '')).toBeUndefined();
  });

  it('[SR2-15] leaves unconflicted entries as they are', () => {
    const room = standardRoom('11');
    room.powerLevels('alice', { users: usersWith(room, { bob: 50 }) }, { ...AFTER, name: 'other' });
    room.state('bob', 'm.room.topic', '', {}, { prev: ['other'], name: 'topic' });
    room.powerLevels('alice', { users: usersWith(room, {}) }, { ...AFTER, name: 'p2' });
    // The topic rests on power levels that neither state has, and that allow it.
    const state = resolved(room, [stateWith(room, 'p2'), stateWith(room, 'p2', 'topic')]);
    expect(state.get('m.room.topic', '')).toBe('$topic');
    expect(state.get('m.room.power_levels', '')).toBe('$p2');
  });
});

function resolved(room: RoomBuilder, states: readonly StateMap<EventId>[]): StateMap<EventId> {
  return complete(resolve(states, new MemoryRoom(room.rules, room.events)));
}
