import { getRoomVersion, type RoomAlias, type UserId } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { planRoom, type RoomWishes } from './plan-room.ts';

const ada = '@ada:harbour.example' as UserId;
const cleo = '@cleo:lighthouse.example' as UserId;

function wishes(changes: Partial<RoomWishes> = {}): RoomWishes {
  return {
    rules: getRoomVersion('12'),
    creator: ada,
    creatorProfile: {},
    preset: 'private_chat',
    alias: undefined,
    name: undefined,
    topic: undefined,
    invitees: [],
    createContent: {},
    powerLevelOverride: {},
    initialState: [],
    ...changes,
  };
}

function levels(changes: Partial<RoomWishes>) {
  return planRoom(wishes(changes)).initialState[0]?.content ?? {};
}

describe('the first events of a room', () => {
  it('stand in the order that the specification fixes', () => {
    const plan = planRoom(
      wishes({
        alias: '#market:harbour.example' as RoomAlias,
        name: 'Market',
        topic: 'Fish',
        initialState: [{ type: 'm.room.encryption', stateKey: '', content: {} }],
      }),
    );
    expect(plan.initialState.map(({ type }) => type)).toEqual([
      'm.room.power_levels',
      'm.room.canonical_alias',
      'm.room.join_rules',
      'm.room.history_visibility',
      'm.room.guest_access',
      'm.room.encryption',
      'm.room.name',
      'm.room.topic',
    ]);
  });

  it('let initial state win over the preset, and the name over initial state', () => {
    const plan = planRoom(
      wishes({
        name: 'Named',
        initialState: [
          { type: 'm.room.join_rules', stateKey: '', content: { join_rule: 'knock' } },
          { type: 'm.room.name', stateKey: '', content: { name: 'Given' } },
        ],
      }),
    );
    const content = (wanted: string) =>
      plan.initialState.filter(({ type }) => type === wanted).map((event) => event.content);
    expect(content('m.room.join_rules')).toEqual([{ join_rule: 'knock' }]);
    expect(content('m.room.name')).toEqual([{ name: 'Named' }]);
  });

  it('name the creator in power levels before version 12, and never from there on', () => {
    expect(levels({ rules: getRoomVersion('11') })['users']).toEqual({ [ada]: 100 });
    expect(levels({})['users']).toEqual({});
  });

  it('keep the tombstone of version 12 above everything that can be given out', () => {
    expect(levels({})['events']).toMatchObject({ 'm.room.tombstone': 150 });
    expect(levels({ rules: getRoomVersion('11') })['events']).toMatchObject({
      'm.room.tombstone': 100,
    });
  });

  it('put trusted invitees beside the creator: by level, or as creators', () => {
    const trusted = { preset: 'trusted_private_chat', invitees: [cleo] } as const;
    expect(levels({ ...trusted, rules: getRoomVersion('10') })['users']).toEqual({
      [ada]: 100,
      [cleo]: 100,
    });
    const plan = planRoom(wishes({ ...trusted, createContent: { additional_creators: [cleo] } }));
    expect(plan.createContent).toEqual({ additional_creators: [cleo] });
    expect(planRoom(wishes({ invitees: [cleo] })).createContent).toEqual({});
  });
});
