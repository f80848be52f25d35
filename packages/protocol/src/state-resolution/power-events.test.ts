import { describe, expect, it } from 'vitest';
import { RoomBuilder } from '../testing/room-builder.ts';
import { standardRoom } from '../testing/standard-room.ts';
import { isPowerEvent, selectPowerEvents } from './power-events.ts';
import { complete, StepCounter } from './steps.ts';

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
    const modJoin = room.stateAfter().get('m.room.member', '@mod:example.org');
    const ban = room.ban('mod', 'bob');
    const topic = room.state('mod', 'm.room.topic', '', { topic: 't' });
    const full = [ban, topic, modJoin].filter((event) => event !== undefined);
    const selected = complete(
      selectPowerEvents(new Map(full.map((event) => [event.eventId, event])), new StepCounter()),
    );
    expect(new Set(selected.keys())).toEqual(new Set([ban, modJoin]));
    expect(selected.get(ban)).toEqual([modJoin]);
  });

  it('[SR2-12] are selected without what only an event outside of it leads to', () => {
    const room = standardRoom('11');
    const bobsJoin = room.stateAfter().get('m.room.member', '@bob:example.org');
    const levels = room.powerLevels('bob', {}, { name: 'levels' });
    const kick = room.kick('alice', 'carol', { auth: ['create', 'levels'] });
    const full = [kick, bobsJoin].filter((event) => event !== undefined);
    const selected = complete(
      selectPowerEvents(new Map(full.map((event) => [event.eventId, event])), new StepCounter()),
    );
    expect(levels.authEvents).toContain(bobsJoin?.eventId);
    expect([...selected.keys()]).toEqual([kick]);
  });
});

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
