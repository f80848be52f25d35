import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventId, RoomId, UserId } from '../identifiers/brand.ts';
import { type JsonValue, NumberLiteral } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import { fuzzParameters } from '../testing/runs.ts';
import { looseJsonValues } from '../testing/json-values.ts';
import { mutatedJson } from '../testing/mutated-json.ts';
import { mutatedText } from '../testing/mutations.ts';
import { allVersions } from '../testing/versions.ts';
import { LEVEL_MAX_DIGITS, type Level, type LevelForm, readLevel } from './level.ts';
import { levelContentOf } from './level-content.ts';

const NUMBERS = ['0', '-0', '50', '9007199254740993', '1.5e3', '-1e308', ' +050 ', '50_0'];
const LONG = '9'.repeat(LEVEL_MAX_DIGITS);
const texts = mutatedText([...NUMBERS, LONG], ['0', '-', '+', '.', 'e', ' ', '\u00a0', '٥', LONG]);
const numbers = texts.map((text) => text.trim()).filter(isNumberToken);

const values: fc.Arbitrary<JsonValue> = fc.oneof(
  texts,
  numbers.map((text) => new NumberLiteral(text)),
  fc.double(),
  looseJsonValues,
);

it('[PL-5] [PL-6] [PL-7] [PL-9] any value is a level or none, as the form has it', () => {
  const forms = fc.constantFrom<LevelForm>('integer', 'integer-or-text', 'number-or-text');
  fc.assert(
    fc.property(values, forms, (value, form) => {
      const level = readLevel(value, form);
      if (level === undefined) return;
      expect(isExact(level)).toBe(true);
      // What a stricter form reads, a wider one reads alike.
      expect(readLevel(value, 'number-or-text')).toBe(level);
    }),
    fuzzParameters(),
  );
});

it('[PL-8] of any content levels are read, and of nothing that is not its own', () => {
  const samples = [
    { users: { '@a:b': 100, __proto__: 5 }, events: { 'm.room.name': 50 }, ban: 50, kick: '50' },
    { users_default: 1, notifications: { room: 50 }, invite: 0, redact: new NumberLiteral('1.5') },
  ];
  fc.assert(
    fc.property(mutatedJson(samples), fc.constantFrom(...allVersions), (content, version) => {
      const event = { ...EVENT, content };
      const levels = levelContentOf(event, getRoomVersion(version));
      const maps = [levels.named, levels.users, levels.events, levels.notifications];
      for (const map of maps) {
        for (const level of map.values()) expect(isExact(level)).toBe(true);
      }
      for (const name of levels.named.keys()) expect(Object.hasOwn(content, name)).toBe(true);
    }),
    fuzzParameters(),
  );
});

const EVENT = {
  eventId: '$e' as EventId,
  roomId: '!r:b' as RoomId,
  type: 'm.room.power_levels',
  stateKey: '',
  sender: '@a:b' as UserId,
  originServerTs: 1,
  depth: 1,
  prevEvents: [],
  authEvents: [],
  redacts: undefined,
};

function isNumberToken(text: string): boolean {
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);
}

/** A number only where one holds it exactly. */
function isExact(level: Level): boolean {
  return typeof level === 'number'
    ? Number.isSafeInteger(level) && !Object.is(level, -0)
    : !Number.isSafeInteger(Number(level));
}
