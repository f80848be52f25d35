import { describe, expect, it } from 'vitest';
import { type JsonValue, NumberLiteral } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import { allVersions, versionsFrom, versionsThrough } from '../testing/versions.ts';
import { type Level, LEVEL_MAX_DIGITS, type LevelForm, levelForm, readLevel } from './level.ts';

const forms = ['integer', 'integer-or-text', 'number-or-text'] as const;
const textForms = forms.slice(1);

const never: readonly JsonValue[] = [null, true, false, [], [50], {}, '', ' ', 'fifty'];

describe('how a room version lets levels be written', () => {
  it.each<[LevelForm, readonly string[]]>([
    ['number-or-text', versionsThrough('5')],
    ['integer-or-text', ['6', '7', '8', '9']],
    ['integer', versionsFrom('10')],
  ])('[PL-5] [PL-6] [PL-7] %s in %j', (form, versions) => {
    const found = allVersions.filter((version) => levelForm(getRoomVersion(version)) === form);
    expect(found).toEqual(versions);
  });
});

describe('a level', () => {
  it.each([0, 1, 50, -1, 100, 2 ** 53 - 1, -(2 ** 53) + 1])('[PL-5] %d is one', (value) => {
    for (const form of forms) expect(readLevel(value, form)).toBe(value);
  });

  it('[PL-5] is not told apart by the sign of zero', () => {
    for (const form of forms) expect(Object.is(readLevel(-0, form), 0)).toBe(true);
  });

  it('[PL-5] is nothing else, and the absence of one is none', () => {
    for (const form of forms) {
      for (const value of never) expect(readLevel(value, form)).toBeUndefined();
      expect(readLevel(undefined, form)).toBeUndefined();
    }
  });
});

describe('a level as text', () => {
  it.each<[string, Level]>([
    ['100', 100],
    ['000100', 100],
    ['+100', 100],
    ['-100', -100],
    ['-0', 0],
    [' 100 ', 100],
    [' 00100 ', 100],
    ['\t+100\n', 100],
    ['\u00a0-100\u3000', -100],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    [`1${'0'.repeat(400)}`, 10n ** 400n],
  ])('[PL-6] %j', (text, level) => {
    for (const form of textForms) expect(readLevel(text, form)).toBe(level);
    expect(readLevel(text, 'integer')).toBeUndefined();
  });

  it.each([
    '1_000',
    '0x10',
    '1e3',
    '50.0',
    '5 0',
    '--5',
    '+-5',
    '+ 5',
    '+',
    'NaN',
    'Infinity',
    '٥',
  ])('[PL-6] %j is none', (text) => {
    for (const form of forms) expect(readLevel(text, form)).toBeUndefined();
  });
});

describe('a level of many digits', () => {
  const most = '1'.repeat(LEVEL_MAX_DIGITS);
  const zeros = '0'.repeat(LEVEL_MAX_DIGITS);

  it.each([most, `+${most}`, `-${most}`, ` ${most} `])('[PL-9] %#, as text, is one', (text) => {
    for (const form of textForms) expect(readLevel(text, form)).toBe(BigInt(text));
  });

  it.each([`${most}1`, `-${most}1`, `${zeros}1`])('[PL-9] %#, as text, is none', (text) => {
    for (const form of textForms) expect(readLevel(text, form)).toBeUndefined();
  });

  it('[PL-9] as a number, is one or none by the same bound', () => {
    for (const sign of ['', '-']) {
      const [longest, longer] = [`${sign}${most}`, `${sign}${most}1`];
      expect(readLevel(new NumberLiteral(longest), 'number-or-text')).toBe(BigInt(longest));
      expect(readLevel(new NumberLiteral(longer), 'number-or-text')).toBeUndefined();
    }
  });
});

describe('a level as a number that is no plain integer', () => {
  it.each<[string, Level]>([
    ['50.57', 50],
    ['-50.57', -50],
    ['-0.5', 0],
    ['-0', 0],
    ['1.0', 1],
    ['5.114698E4', 51146],
    ['1e3', 1000],
    ['1e-400', 0],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['9007199254740993.0', 9007199254740992n],
    ['1e20', 10n ** 20n],
    ['1.7976931348623157e308', BigInt(Number.MAX_VALUE)],
  ])('[PL-7] %s', (source, level) => {
    const value = new NumberLiteral(source);
    expect(readLevel(value, 'number-or-text')).toBe(level);
    expect(readLevel(value, 'integer-or-text')).toBeUndefined();
    expect(readLevel(value, 'integer')).toBeUndefined();
  });

  it('[PL-7] an integer beyond every double is one, as it is written', () => {
    const value = new NumberLiteral(`1${'0'.repeat(400)}`);
    expect(readLevel(value, 'number-or-text')).toBe(10n ** 400n);
  });

  it.each(['1e309', '-1e309', '1.0e400'])('[PL-7] %s is none: no double holds it', (source) => {
    expect(readLevel(new NumberLiteral(source), 'number-or-text')).toBeUndefined();
  });

  it.each<[number, Level]>([
    [50.5, 50],
    [-0.5, 0],
    [2 ** 53, 2n ** 53n],
    [1e300, BigInt(1e300)],
  ])('[PL-7] %d, from a reader that keeps no tokens', (value, level) => {
    expect(readLevel(value, 'number-or-text')).toBe(level);
    expect(readLevel(value, 'integer-or-text')).toBeUndefined();
    expect(readLevel(value, 'integer')).toBeUndefined();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('[PL-5] %d is none', (value) => {
    for (const form of forms) expect(readLevel(value, form)).toBeUndefined();
  });

  it('[PL-7] compares exactly where doubles do not', () => {
    const [low, high] = ['9007199254740992', '9007199254740993'].map((source) =>
      readLevel(new NumberLiteral(source), 'number-or-text'),
    );
    expect(low !== undefined && high !== undefined && low < high).toBe(true);
  });
});
