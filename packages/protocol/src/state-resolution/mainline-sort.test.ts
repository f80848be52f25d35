import { describe, expect, it } from 'vitest';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomBuilder, SketchOptions } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { HeldEvents } from './held-events.ts';
import { sortByMainline } from './mainline-sort.ts';
import { complete, StepCounter } from './steps.ts';
import { MemoryRoom } from '../testing/memory-room.ts';

describe('mainline ordering', () => {
  it('[SR2-8] goes by the nearest power levels of the mainline that an event rests on', () => {
    const room = standardRoom('11');
    room.powerLevels('alice', {}, { name: 'p2' });
    const last = room.powerLevels('alice', {}, { name: 'p3' });
    room.powerLevels('alice', {}, { name: 'fork', prev: ['p2'] });
    const events = [
      topic(room, 'on-p3', { prev: ['p3'], originServerTs: 1 }),
      topic(room, 'on-fork-of-p2', { prev: ['fork'], originServerTs: 2 }),
      topic(room, 'on-p2', { prev: ['p2'], originServerTs: 3 }),
      topic(room, 'on-p1', { prev: ['e8'], originServerTs: 4 }),
      topic(room, 'on-none', { prev: ['e8'], auth: ['create'], originServerTs: 5 }),
    ];
    const expected = ['$on-none', '$on-p1', '$on-fork-of-p2', '$on-p2', '$on-p3'];
    expect(sorted(room, events, last)).toEqual(expected);
    expect(sorted(room, events.toReversed(), last)).toEqual(expected);
  });

  it('[SR2-9] goes by time, then id, at one position', () => {
    const room = standardRoom('11');
    const levels = room.stateAfter().get('m.room.power_levels', '');
    const events = [
      topic(room, 'a-late', { prev: ['e8'], originServerTs: 2 }),
      topic(room, 'early-b', { prev: ['e8'], originServerTs: 1 }),
      topic(room, 'early-a', { prev: ['e8'], originServerTs: 1 }),
    ];
    expect(sorted(room, events, levels)).toEqual(['$early-a', '$early-b', '$a-late']);
  });

  it('[SR2-9] goes by time alone where nothing was resolved to be the power levels', () => {
    const room = standardRoom('12');
    room.powerLevels('alice', {}, { name: 'p2' });
    const events = [
      topic(room, 'second', { prev: ['e8'], originServerTs: 2 }),
      topic(room, 'first', { prev: ['p2'], originServerTs: 1 }),
    ];
    expect(sorted(room, events, undefined)).toEqual(['$first', '$second']);
  });
});

function topic(room: RoomBuilder, name: string, options: SketchOptions): RoomEvent {
  return room.state('alice', 'm.room.topic', '', { topic: name }, { ...options, name });
}

function sorted(
  room: RoomBuilder,
  events: readonly RoomEvent[],
  powerLevels: RoomEvent | undefined,
): string[] {
  const held = new HeldEvents(new MemoryRoom(room.rules, room.events));
  const unsorted = events.flatMap(({ eventId }) => held.find(eventId) ?? []);
  const mainline = powerLevels === undefined ? undefined : held.find(powerLevels.eventId);
  const steps = sortByMainline(unsorted, mainline, held, new StepCounter());
  return complete(steps).map(({ event }) => event.eventId);
}
