import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { judge, judgeByState } from '../testing/judge.ts';
import { RoomBuilder, userId } from '../testing/room-builder.ts';
import { allVersions } from '../testing/versions.ts';

type Entry = readonly [type: string, stateKey: string];

const MEMBERS = ['alice', 'mod', 'bob', 'dave', 'eve'] as const;
/** What a room of its own may lack, or lose by resolution. */
const ENTRIES: readonly Entry[] = [
  ['m.room.power_levels', ''],
  ['m.room.join_rules', ''],
  ['m.room.create', ''],
  ...MEMBERS.map((name): Entry => ['m.room.member', userId(name)]),
];

/** Each alone, and each two. */
const LOSSES: readonly (readonly Entry[])[] = [
  [],
  ...ENTRIES.map((entry) => [entry]),
  ...ENTRIES.flatMap((one, at) => ENTRIES.slice(at + 1).map((other) => [one, other])),
];

/** alice made it, mod has 50, bob nothing; dave is invited, eve banned, zoe was never there; anybody may join. */
function settledRoom(version: RoomVersionId): RoomBuilder {
  const room = new RoomBuilder(version);
  room.create('alice');
  room.join('alice');
  const creators = version === '12' ? {} : { [userId('alice')]: 100 };
  room.powerLevels('alice', { users: { ...creators, [userId('mod')]: 50 } });
  room.joinRule('alice', 'public');
  room.join('mod');
  room.join('bob');
  room.invite('alice', 'dave');
  room.ban('alice', 'eve');
  return room;
}

/** What is left of the state, as the rules are to be told by the text of the specification. */
interface Left {
  readonly version: RoomVersionId;
  has(type: string, stateKey?: string): boolean;
  levelOf(name: string): number;
}

function leftOf(version: RoomVersionId, lost: readonly Entry[]): Left {
  const has = (type: string, stateKey = '') =>
    !lost.some(([lostType, lostKey]) => lostType === type && lostKey === stateKey);
  return {
    version,
    has,
    levelOf(name) {
      if (name === 'alice') {
        return version === '12' ? Infinity : 100;
      }
      return name === 'mod' && has('m.room.power_levels') ? 50 : 0;
    },
  };
}

const isIn = (left: Left, name: string) => left.has('m.room.member', userId(name));
const isOpen = (left: Left) => left.has('m.room.join_rules');

interface Action {
  readonly sender: string;
  readonly type: string;
  readonly target?: string;
  readonly content?: JsonObject;
  /** Where there is a create event. */
  readonly isAllowed: (left: Left) => boolean;
}

const HIGH: JsonObject = { users: { [userId('bob')]: 100, [userId('mod')]: 100 } };
const SENDERS = ['alice', 'mod', 'bob'] as const;

const ACTIONS: readonly Action[] = [
  ...SENDERS.flatMap((sender): readonly Action[] => {
    const withLevel = (level: number) => (left: Left) =>
      isIn(left, sender) && left.levelOf(sender) >= level;
    const member = 'm.room.member';
    return [
      { sender, type: 'm.room.message', isAllowed: withLevel(0) },
      { sender, type: 'm.room.topic', target: '', isAllowed: withLevel(50) },
      { sender, type: 'm.room.join_rules', target: '', isAllowed: withLevel(50) },
      {
        sender,
        type: 'm.room.power_levels',
        target: '',
        content: HIGH,
        // Nobody lifts anybody above themselves; where no levels are in force, whoever may send state sets them.
        isAllowed: withLevel(100),
      },
      {
        sender,
        type: member,
        target: 'zoe',
        content: { membership: 'invite' },
        isAllowed: withLevel(0),
      },
      {
        sender,
        type: member,
        target: 'zoe',
        content: { membership: 'ban' },
        isAllowed: withLevel(50),
      },
      {
        sender,
        type: member,
        target: 'dave',
        content: { membership: 'leave' },
        isAllowed: withLevel(50),
      },
      {
        sender,
        type: member,
        target: 'eve',
        content: { membership: 'leave' },
        isAllowed: withLevel(50),
      },
    ];
  }),
  ...(['zoe', 'dave', 'eve', 'bob'] as const).map((sender): Action => ({
    sender,
    type: 'm.room.member',
    target: sender,
    content: { membership: 'join' },
    isAllowed(left) {
      if (sender === 'eve' && isIn(left, 'eve')) return false;
      const belongs = (sender === 'dave' || sender === 'bob') && isIn(left, sender);
      return isOpen(left) || belongs;
    },
  })),
];

describe.each(allVersions)('a room of version %s that lost some of its state', (version) => {
  it('gives nobody a power that they had not (SEC-08)', () => {
    const room = settledRoom(version);
    for (const lost of LOSSES) {
      const state = room.stateAfter().clone();
      for (const [type, stateKey] of lost) state.delete(type, stateKey);
      const left = leftOf(version, lost);
      const hasCreate = left.has('m.room.create');
      for (const { sender, type, target, content = {}, isAllowed } of ACTIONS) {
        const stateKey = target === undefined || target === '' ? target : userId(target);
        const event = {
          type,
          sender,
          content,
          state,
          ...(stateKey === undefined ? {} : { stateKey }),
        };
        const verdict = hasCreate
          ? judge(room, event)
          : judgeByState(room, room.build(event), state);
        expect([lost, sender, type, target, content, verdict === 'allowed']).toEqual([
          lost,
          sender,
          type,
          target,
          content,
          hasCreate && isAllowed(left),
        ]);
      }
    }
  });
});
