import { type JsonValue, NumberLiteral } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

/**
 * A power level. An integer is a `number` while a `number` holds it exactly and a `bigint` beyond that, so that
 * `<` and `===` compare levels as they are written; `Infinity` is the level of a creator in room version 12.
 */
export type Level = number | bigint;

/** How levels may be written: as integers (version 10 on), as text too (versions 6 to 9), as floats too (1 to 5). */
export type LevelForm = 'integer' | 'integer-or-text' | 'number-or-text';

/** Digits of an integer, leading zeros included: the most that Python, and so Synapse, reads. */
export const LEVEL_MAX_DIGITS = 4_300;

const INTEGER_TOKEN = /^-?\d+$/;
const INTEGER_TEXT = /^\p{White_Space}*([+-]?[0-9]+)\p{White_Space}*$/u;

export function levelForm(rules: RoomVersionRules): LevelForm {
  if (rules.auth.integerLevelsOnly) return 'integer';
  return rules.strictCanonicalJson ? 'integer-or-text' : 'number-or-text';
}

/**
 * The level that a value says, or `undefined` where the room version reads none in it. Work is linear in the text:
 * only of so many digits, `LEVEL_MAX_DIGITS`, an integer is made. Sources: rooms/v1.md, "m.room.power_levels events accept values as strings"
 * and "… as floats" (a float is the double that its token names, cut at the decimal point); rooms/v10.md.
 */
export function readLevel(value: JsonValue | undefined, form: LevelForm): Level | undefined {
  if (typeof value === 'number') return readNumber(value, form);
  if (value instanceof NumberLiteral) {
    if (form !== 'number-or-text') return undefined;
    const { source } = value;
    return INTEGER_TOKEN.test(source) ? readInteger(source) : truncate(Number(source));
  }
  if (typeof value === 'string' && form !== 'integer') {
    const digits = INTEGER_TEXT.exec(value)?.[1];
    return digits === undefined ? undefined : readInteger(digits);
  }
  return undefined;
}

/** Of digits, with a sign before them as may be. */
function readInteger(text: string): Level | undefined {
  const sign = /^[+-]/.test(text) ? 1 : 0;
  return text.length - sign > LEVEL_MAX_DIGITS ? undefined : narrow(BigInt(text));
}

function readNumber(value: number, form: LevelForm): Level | undefined {
  // Adding 0 makes 0 of `-0`.
  if (Number.isSafeInteger(value)) return value + 0;
  return form === 'number-or-text' ? truncate(value) : undefined;
}

function truncate(value: number): Level | undefined {
  return Number.isFinite(value) ? narrow(BigInt(Math.trunc(value))) : undefined;
}

function narrow(value: bigint): Level {
  const narrowed = Number(value);
  return Number.isSafeInteger(narrowed) ? narrowed : value;
}
