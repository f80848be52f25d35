import fc from 'fast-check';
import { NumberLiteral } from '../json/value.ts';
import type { JsonValue } from '../json/value.ts';

/** Keys that code gets wrong: names of the prototype, numbers, what needs escapes, what UTF-16 sorts wrongly. */
const ODD_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'toJSON',
  'hasOwnProperty',
  '',
  '0',
  '10',
  '9',
  '-1',
  '"',
  '\\',
  '\n',
  '\u007f',
  '\ufffd',
  '\uffff',
  '\ue000',
  '\u{1f600}',
  '\u{10ffff}',
  '日',
];

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }).map((value) => value.toWellFormed()),
);

const key = fc.oneof(fc.constantFrom(...ODD_KEYS), text);

const literal = fc
  .constantFrom(
    '-0',
    '1.0',
    '1.50',
    '1e3',
    '1E+3',
    '-2.5e-7',
    '9007199254740992',
    '-9007199254740993',
    '1e16',
    '0.00001',
    '123456789012345678901234567890',
  )
  .map((token) => new NumberLiteral(token));

/** JSON values of every kind, without numbers that are no plain integers. */
export const strictJsonValues: fc.Arbitrary<JsonValue> = jsonValues(fc.maxSafeInteger());

/** JSON values of every kind, number literals included. */
export const looseJsonValues: fc.Arbitrary<JsonValue> = jsonValues(
  fc.oneof(fc.maxSafeInteger(), literal),
);

function jsonValues(numbers: fc.Arbitrary<number | NumberLiteral>): fc.Arbitrary<JsonValue> {
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.constant(null), fc.boolean(), text, numbers),
      fc.array(tie('value'), { maxLength: 5 }),
      fc
        .array(fc.tuple(key, tie('value')), { maxLength: 6 })
        .map((entries): JsonValue => Object.fromEntries(entries)),
    ),
  }));
  return value.map((generated) => (Object.is(generated, -0) ? 0 : generated));
}
