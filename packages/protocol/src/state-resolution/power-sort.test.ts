import { describe, expect, it } from 'vitest';
import { MemoryRoom } from '../testing/memory-room.ts';
import type { RoomBuilder } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { HeldEvents } from './held-events.ts';
import { sortByPower } from './power-sort.ts';
import { complete, StepCounter } from './steps.ts';
import { heldSet } from './testing/held-set.ts';

describe('reverse topological power ordering', () => {
  it('[SR2-6] puts auth events first, whatever their senders’ power and time', () => {
    const room = standardRoom('11');
    room.powerLevels('mod', {}, { name: 'weak', originServerTs: 2_000 });
    room.powerLevels('alice', {}, { name: 'strong', originServerTs: 1_000 });
    expect(room.event('strong').authEvents).toContain('$weak');
    expect(sorted(room, ['strong', 'weak'])).toEqual(['$weak', '$strong']);
  });

  it('[SR2-7] goes by power, then time, then id, among events that are ready', () => {
    const room = standardRoom('11');
    const bans: [name: string, sender: string, originServerTs: number][] = [
      ['mod-early-b', 'mod', 1],
      ['mod-early-a', 'mod', 1],
      ['a-mod-late', 'mod', 2],
      ['alice-last', 'alice', 9],
      ['carol-first', 'carol', 0],
    ];
    for (const [name, sender, originServerTs] of bans) {
      room.ban(sender, 'bob', { prev: ['e8'], name, originServerTs });
    }
    const names = bans.map(([name]) => name);
    const expected = ['$alice-last', '$mod-early-a', '$mod-early-b', '$a-mod-late', '$carol-first'];
    expect(sorted(room, names)).toEqual(expected);
    expect(sorted(room, names.toReversed())).toEqual(expected);
  });

  it('[SR2-7] reads power from the event’s own auth events', () => {
    const room = standardRoom('11');
    room.powerLevels('alice', { users: { '@bob:example.org': 100 } }, { name: 'promotion' });
    room.ban('bob', 'carol', { name: 'after', prev: ['promotion'], originServerTs: 2 });
    room.ban('bob', 'carol', { name: 'before', prev: ['e8'], originServerTs: 1 });
    expect(sorted(room, ['before', 'after'])).toEqual(['$after', '$before']);
  });

  it('[SR2-7] the creator has power without power levels, where the create event is named', () => {
    const room = standardRoom('11');
    const options = { prev: ['e8'] };
    room.ban('alice', 'bob', { ...options, name: 'creator', auth: ['create'], originServerTs: 2 });
    room.ban('alice', 'bob', { ...options, name: 'nobody', auth: [], originServerTs: 1 });
    expect(sorted(room, ['creator', 'nobody'])).toEqual(['$creator', '$nobody']);
  });

  it('[SR2-7] compares ids by code point', () => {
    const room = standardRoom('2');
    const names = ['\u{1f600}', '\uffee'];
    for (const name of names) room.ban('mod', 'bob', { prev: ['e8'], originServerTs: 1, name });
    expect(sorted(room, names)).toEqual(names.toReversed().map((name) => room.eventId(name)));
  });

  it('[SR21-4] creators of version 12 stand above all levels', () => {
    const room = standardRoom('12');
    const top = { '@mod:example.org': Number.MAX_SAFE_INTEGER };
    room.powerLevels('alice', { users: top }, { name: 'levels' });
    room.ban('mod', 'bob', { name: 'by-mod', prev: ['levels'], originServerTs: 1 });
    room.ban('alice', 'bob', { name: 'by-alice', prev: ['levels'], originServerTs: 2 });
    expect(sorted(room, ['by-mod', 'by-alice'])).toEqual(['$by-alice', '$by-mod']);
  });
});

function sorted(room: RoomBuilder, names: readonly string[]): string[] {
  const events = new HeldEvents(new MemoryRoom(room.rules, room.events));
  const steps = sortByPower(heldSet(room, events, names), events, new StepCounter());
  return complete(steps).map(({ event }) => event.eventId);
}
