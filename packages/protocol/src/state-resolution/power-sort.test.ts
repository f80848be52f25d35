import { describe, expect, it } from 'vitest';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomBuilder } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { selectPowerEvents } from './power-events.ts';
import { sortByPower } from './power-sort.ts';
import { complete, StepCounter } from './steps.ts';
import { MemoryRoom } from './testing/memory-room.ts';

describe('reverse topological power ordering', () => {
  it('[SR2-6] puts auth events first, whatever their senders’ power and time', () => {
    const room = standardRoom('11');
    const weak = room.powerLevels('mod', {}, { name: 'weak', originServerTs: 2_000 });
    const strong = room.powerLevels('alice', {}, { name: 'strong', originServerTs: 1_000 });
    expect(strong.authEvents).toContain(weak.eventId);
    expect(sorted(room, [strong, weak])).toEqual(['$weak', '$strong']);
  });

  it('[SR2-7] goes by power, then time, then id, among events that are ready', () => {
    const room = standardRoom('11');
    const prev = { prev: ['e8'] };
    const events = [
      room.ban('mod', 'bob', { ...prev, name: 'mod-early-b', originServerTs: 1 }),
      room.ban('mod', 'bob', { ...prev, name: 'mod-early-a', originServerTs: 1 }),
      room.ban('mod', 'bob', { ...prev, name: 'mod-late', originServerTs: 2 }),
      room.ban('alice', 'bob', { ...prev, name: 'alice-last', originServerTs: 9 }),
      room.ban('carol', 'bob', { ...prev, name: 'carol-first', originServerTs: 0 }),
    ];
    const expected = ['$alice-last', '$mod-early-a', '$mod-early-b', '$mod-late', '$carol-first'];
    expect(sorted(room, events)).toEqual(expected);
    expect(sorted(room, events.toReversed())).toEqual(expected);
  });

  it('[SR2-7] reads power from the event’s own auth events', () => {
    const room = standardRoom('11');
    room.powerLevels('alice', { users: { '@bob:example.org': 100 } }, { name: 'promotion' });
    const after = room.ban('bob', 'carol', { name: 'after', prev: ['promotion'] });
    const before = room.ban('bob', 'carol', {
      name: 'before',
      prev: ['e8'],
      originServerTs: after.originServerTs - 60_000,
    });
    expect(sorted(room, [before, after])).toEqual(['$after', '$before']);
  });

  it('[SR2-7] compares ids by code point', () => {
    const room = standardRoom('2');
    const options = { prev: ['e8'], originServerTs: 1 };
    const astral = room.ban('mod', 'bob', { ...options, name: '\u{1f600}' });
    const private_ = room.ban('mod', 'bob', { ...options, name: '\uffee' });
    expect(sorted(room, [astral, private_])).toEqual([private_.eventId, astral.eventId]);
  });

  it('[SR21-4] creators of version 12 stand above all levels', () => {
    const room = standardRoom('12');
    const top = { '@mod:example.org': Number.MAX_SAFE_INTEGER };
    room.powerLevels('alice', { users: top }, { name: 'levels' });
    const events = [
      room.ban('mod', 'bob', { name: 'mod', prev: ['levels'], originServerTs: 1 }),
      room.ban('alice', 'bob', { name: 'alice', prev: ['levels'], originServerTs: 2 }),
    ];
    expect(sorted(room, events)).toEqual(['$alice', '$mod']);
  });
});

function sorted(room: RoomBuilder, events: readonly RoomEvent[]): string[] {
  const counter = new StepCounter();
  const full = new Map(events.map((event) => [event.eventId, event]));
  const graph = complete(selectPowerEvents(full, counter));
  const memoryRoom = new MemoryRoom(room.rules, room.events);
  return complete(sortByPower(graph, memoryRoom, counter)).map(({ eventId }) => eventId);
}
