import { describe, expect, it } from 'vitest';
import { parseJson } from '../json/parse.ts';
import { isStrictCanonical } from '../json/strict.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { judge } from '../testing/judge.ts';
import { RoomBuilder, userId } from '../testing/room-builder.ts';
import { allVersions } from '../testing/versions.ts';
import { powerLevelsOf } from './power-levels.ts';

/** What became of a level: the event was not read, or refused, or this level is in force. */
type Outcome = 'unread' | 'refused' | number | bigint;

/** By JSON text: of versions 1 to 5, 6 to 9, and from 10 on. */
const WRITTEN: readonly (readonly [
  text: string,
  ...outcomes: readonly [Outcome, Outcome, Outcome],
])[] = [
  ['50', 50, 50, 50],
  ['-50', -50, -50, -50],
  ['"50"', 50, 50, 'refused'],
  ['" 50"', 50, 50, 'refused'],
  ['"5O"', 'refused', 'refused', 'refused'],
  ['50.0', 50, 'unread', 'unread'],
  ['1e400', 'unread', 'unread', 'unread'],
  ['null', 'refused', 'refused', 'refused'],
  ['9007199254740991', 9007199254740991, 9007199254740991, 9007199254740991],
  ['9007199254740992', 9007199254740992n, 'unread', 'unread'],
  ['-9223372036854775808', -9223372036854775808n, 'unread', 'unread'],
  ['"-9223372036854775808"', -9223372036854775808n, -9223372036854775808n, 'refused'],
];

describe.each(allVersions)('events_default in version %s', (version) => {
  it.each(WRITTEN)('written as %s is read as its version says (SEC-09)', (text, ...outcomes) => {
    const generation = Number(version) < 6 ? 0 : Number(version) < 10 ? 1 : 2;
    expect(outcomeOf(version, text)).toBe(outcomes[generation]);
  });
});

function outcomeOf(version: RoomVersionId, text: string): Outcome {
  const room = new RoomBuilder(version);
  room.create('alice');
  room.join('alice');
  const read = parseJson(`{"events_default":${text}}`);
  if (!read.ok) return 'unread';
  if (room.rules.strictCanonicalJson && !isStrictCanonical(read.value)) return 'unread';
  const sender = 'alice';
  const content = read.value as JsonObject;
  const verdict = judge(room, { type: 'm.room.power_levels', stateKey: '', sender, content });
  if (verdict !== 'allowed') return 'refused';
  room.powerLevels(sender, content);
  const state = room.stateAfter();
  const levels = powerLevelsOf((type, key) => state.get(type, key), room.rules);
  expect(levels.user(userId('bob'))).toBe(0);
  return levels.event('m.room.message', false);
}
