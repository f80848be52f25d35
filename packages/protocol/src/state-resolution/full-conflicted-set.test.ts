import { describe, expect, it } from 'vitest';
import type { EventId } from '../identifiers/brand.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import type { RoomBuilder } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { findConflict } from './conflict.ts';
import { NO_FLOOR } from './conflicted-subgraph.ts';
import { fullConflictedSet } from './full-conflicted-set.ts';
import { HeldEvents } from './held-events.ts';
import { splitStates } from './split-states.ts';
import type { StateMap } from './state-map.ts';
import { complete, done, StepCounter } from './steps.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { stateWith } from './testing/states.ts';
import { walkCommonChain } from './walk-common-chain.ts';

describe('full conflicted set', () => {
  it('[SR2-5] has the conflicted events and the auth difference', () => {
    const room = standardRoom('11');
    room.powerLevels('alice', {}, { name: 'p2' });
    room.powerLevels('alice', {}, { name: 'p3' });
    const states = [stateWith(room), stateWith(room, 'p3')];
    expect(full(room, states)).toEqual(['$e3', '$p2', '$p3']);
  });

  it('[SR2-5] has neither events that are not held nor messages', () => {
    const room = standardRoom('11');
    room.message('alice', { name: 'message' });
    room.state('alice', 'm.room.topic', '', {}, { name: 'a', auth: ['create', 'message'] });
    room.state('alice', 'm.room.topic', '', {}, { name: 'b' });
    const states = [stateWith(room, 'a'), stateWith(room, 'b')];
    expect(full(room, states)).toEqual(['$a', '$b']);
    expect(full(room, states, ['b'])).toEqual(['$a']);
  });

  it.each<[RoomVersionId, string[]]>([
    ['11', ['$e3', '$p3']],
    ['12', ['$e3', '$p2', '$p3']],
  ])(
    '[SR21-3] of version %s with the events between conflicted ones, or without',
    (version, expected) => {
      const room = standardRoom(version);
      room.powerLevels('alice', {}, { name: 'p2' });
      room.state('alice', 'm.room.topic', '', {}, { name: 'topic' });
      room.powerLevels('alice', {}, { name: 'p3' });
      // The topic, which both states have, puts p2 into the auth chain of both.
      const states = [stateWith(room, 'topic'), stateWith(room, 'topic', 'p3')];
      expect(full(room, states)).toEqual(expected);
    },
  );
});

function full(
  room: RoomBuilder,
  states: readonly StateMap<EventId>[],
  missing: readonly string[] = [],
): string[] {
  const counter = new StepCounter();
  const held = room.events.filter(({ eventId }) => !missing.includes(eventId.slice(1)));
  const memoryRoom = new MemoryRoom(room.rules, held);
  const events = new HeldEvents(memoryRoom);
  const { conflicted, unconflicted } = complete(splitStates(states, counter));
  const lookUp = (type: string, stateKey: string) => unconflicted.get(type, stateKey);
  const conflict = complete(findConflict(conflicted, lookUp, events, counter));
  const common = complete(walkCommonChain(unconflicted, memoryRoom, counter));
  const surroundings = { common, floor: () => done(NO_FLOOR) };
  const set = complete(fullConflictedSet(conflict, surroundings, events, counter));
  return set.list.map(({ event }) => event.eventId).toSorted();
}
