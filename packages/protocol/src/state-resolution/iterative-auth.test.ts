import { describe, expect, it } from 'vitest';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import type { RoomBuilder } from '../testing/room-builder.ts';
import { standardRoom, usersWith } from '../testing/standard-room.ts';
import { checkInTurn } from './iterative-auth.ts';
import { findConflict } from './conflict.ts';
import { HeldEvents } from './held-events.ts';
import { emptyState, unconflictedState } from './partial-state.ts';
import { StateMap } from './state-map.ts';
import { complete, StepCounter } from './steps.ts';
import { MemoryRoom } from '../testing/memory-room.ts';

describe('iterative auth checks', () => {
  it('[SR2-10] each event is judged by the state that those before it made', () => {
    const room = standardRoom('11');
    const ban = room.ban('mod', 'bob', { name: 'ban', prev: ['e8'] });
    const name = room.state('bob', 'm.room.name', '', {}, { prev: ['e8'], name: 'name' });
    const allMay = room.powerLevels(
      'alice',
      { users: usersWith(room, { mod: 75 }), users_default: 50 },
      { name: 'all-may', prev: ['e8'] },
    );
    const base = room.stateAfter('e8');
    expect(resolved(room, [ban, allMay, name], base)).toEqual(['$all-may', '$ban']);
    expect(resolved(room, [allMay, name, ban], base)).toEqual(['$all-may', '$ban', '$name']);
  });

  it.each<RoomVersionId>(['11', '12'])(
    '[SR2-11] what the state lacks is taken from the event’s own auth events, version %s',
    (version) => {
      const room = standardRoom(version);
      const topic = room.state('alice', 'm.room.topic', '', {}, { name: 'topic' });
      expect(resolved(room, [topic], new StateMap())).toEqual(['$topic']);
    },
  );

  it('[SR2-11] a rejected auth event authorises nothing', () => {
    const room = standardRoom('11');
    const join = room.stateAfter().get('m.room.member', '@alice:example.org');
    const topic = room.state('alice', 'm.room.topic', '', {}, { name: 'topic' });
    expect(resolved(room, [topic], new StateMap(), [join])).toEqual([]);
  });

  it('[SR-4] a rejected event of the unconflicted state authorises nothing', () => {
    const room = standardRoom('11');
    const levels = room.powerLevels('alice', { users_default: 100 }, { name: 'levels' });
    const state = room.stateAfter('levels');
    const topic = room.state('bob', 'm.room.topic', '', {}, { prev: ['e8'], name: 'topic' });
    expect(resolved(room, [topic], state)).toEqual(['$topic']);
    expect(resolved(room, [topic], state, [levels])).toEqual([]);
  });

  it('[SR2-11] what only a rejected event of the unconflicted state would say is taken from the auth events', () => {
    const room = standardRoom('11');
    const levels = room.powerLevels('alice', {}, { name: 'levels' });
    const state = room.stateAfter('levels');
    const topic = room.state('mod', 'm.room.topic', '', {}, { prev: ['e8'], name: 'topic' });
    expect(resolved(room, [topic], state)).toEqual([]);
    expect(resolved(room, [topic], state, [levels])).toEqual(['$topic']);
  });

  it('[SR-4] a rejected event does not go in, nor does a message', () => {
    const room = standardRoom('11');
    const base = room.stateAfter();
    const topic = room.state('alice', 'm.room.topic', '', {}, { name: 'topic' });
    const message = room.message('alice');
    expect(resolved(room, [topic, message], base)).toEqual(['$topic']);
    expect(resolved(room, [topic, message], base, [topic])).toEqual([]);
  });

  it('starts from nothing when told so', () => {
    expect(emptyState().get('m.room.create', '')).toBeUndefined();
  });
});

function resolved(
  room: RoomBuilder,
  events: readonly RoomEvent[],
  base: StateMap<RoomEvent>,
  rejected: readonly (RoomEvent | undefined)[] = [],
): string[] {
  const rejectedIds = rejected.flatMap((event) => event?.eventId ?? []);
  const held = new HeldEvents(new MemoryRoom(room.rules, room.events, rejectedIds));
  const unconflicted = (type: string, key: string) => base.get(type, key)?.eventId;
  const counter = new StepCounter();
  const conflict = complete(findConflict(new StateMap(), unconflicted, held, counter));
  const state = unconflictedState(conflict, held);
  const sorted = events.flatMap(({ eventId }) => held.find(eventId) ?? []);
  complete(checkInTurn(sorted, state, held, counter));
  return [...state.resolved].map(([, , { event }]) => event.eventId).sort();
}
