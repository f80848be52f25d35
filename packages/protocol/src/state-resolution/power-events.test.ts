import { describe, expect, it } from 'vitest';
import { RoomBuilder } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { MemoryRoom } from '../testing/memory-room.ts';
import { HeldEvents } from './held-events.ts';
import { isPowerEvent, selectPowerEvents } from './power-events.ts';
import { complete, StepCounter } from './steps.ts';
import { heldSet } from './testing/held-set.ts';

describe('power events', () => {
  const cases: [what: string, event: ReturnType<RoomBuilder['build']>, expected: boolean][] = [
    ['power levels', state('m.room.power_levels', ''), true],
    ['power levels with a state key, which nobody reads', state('m.room.power_levels', 'x'), false],
    ['join rules', state('m.room.join_rules', ''), true],
    ['join rules with a state key', state('m.room.join_rules', 'x'), false],
    ['a kick', member('bob', 'leave'), true],
    ['a ban', member('bob', 'ban'), true],
    ['a leave of one’s own', member('alice', 'leave'), false],
    ['a ban of oneself', member('alice', 'ban'), false],
    ['an invite', member('bob', 'invite'), false],
    ['a join', member('alice', 'join'), false],
    ['a topic', state('m.room.topic', ''), false],
    ['the create event', state('m.room.create', ''), false],
    ['a message', build({ type: 'm.room.power_levels' }), false],
  ];

  it.each(cases)('[SR2-2] %s', (_, event, expected) => {
    expect(isPowerEvent(event)).toBe(expected);
  });

  it('[SR2-12] are selected with what they rest on inside of the full conflicted set', () => {
    const room = standardRoom('11');
    room.ban('mod', 'bob', { name: 'ban' });
    room.state('mod', 'm.room.topic', '', { topic: 't' }, { name: 'topic' });
    // The ban rests on mod's join, and that on the power levels, which are not in the set.
    expect(selected(room, ['ban', 'topic', 'e5'])).toEqual(['$ban', '$e5']);
  });

  it('[SR2-12] are selected without what only an event outside of it leads to', () => {
    const room = standardRoom('11');
    room.powerLevels('bob', {}, { name: 'levels' });
    room.kick('alice', 'carol', { name: 'kick', auth: ['create', 'levels'] });
    // The kick rests on bob's join by way of the power levels only.
    expect(room.event('levels').authEvents).toContain('$e7');
    expect(selected(room, ['kick', 'e7'])).toEqual(['$kick']);
  });
});

function selected(room: RoomBuilder, names: readonly string[]): string[] {
  const events = new HeldEvents(new MemoryRoom(room.rules, room.events));
  const full = heldSet(room, events, names);
  const steps = selectPowerEvents(full, events, new StepCounter());
  return complete(steps).list.map(({ event }) => event.eventId);
}

function state(type: string, stateKey: string) {
  return build({ type, stateKey });
}

function member(target: string, membership: string) {
  const stateKey = `@${target}:example.org`;
  return build({ type: 'm.room.member', stateKey, content: { membership } });
}

function build(sketch: Partial<Parameters<RoomBuilder['build']>[0]> & { type: string }) {
  return new RoomBuilder('11').build({ sender: 'alice', ...sketch });
}
