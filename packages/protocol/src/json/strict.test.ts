import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looseJsonValues, strictJsonValues } from '../testing/json-values.ts';
import { propertyParameters } from '../testing/runs.ts';
import { parseJson } from './parse.ts';
import { findNonCanonical, isStrictCanonical } from './strict.ts';
import { NumberLiteral } from './value.ts';
import type { JsonValue } from './value.ts';

describe('strict canonical JSON', () => {
  it.each([
    ['{"depth":-0}', 'depth'],
    ['{"a":1,"b":{"c":[0,{"d.e":1.0}]}}', 'b.c[1]["d.e"]'],
    ['[1e2]', '[0]'],
    ['{"depth":9007199254740992}', 'depth'],
    ['[[],[-9007199254740992]]', '[1][0]'],
    ['{"__proto__":{"a":0.5}}', '__proto__.a'],
    ['1.5', 'top level'],
  ])('[CJ-9] has no place for the number in %s (SEC-26, SEC-27)', (text, path) => {
    const value = valueOf(text);
    expect(findNonCanonical(value)).toBe(path);
    expect(isStrictCanonical(value)).toBe(false);
  });

  it.each([
    '{}',
    '[0,-1,9007199254740991,-9007199254740991]',
    '{"a":["1.0",null,true,{"source":"-0"}]}',
  ])('[CJ-9] has nothing against %s', (text) => {
    expect(findNonCanonical(valueOf(text))).toBeUndefined();
    expect(isStrictCanonical(valueOf(text))).toBe(true);
  });

  it('[CJ-9] holds for every value without number literals', () => {
    fc.assert(
      fc.property(strictJsonValues, (value) => isStrictCanonical(value)),
      propertyParameters(),
    );
  });

  it('[CJ-9] holds for no value with a number literal', () => {
    fc.assert(
      fc.property(looseJsonValues, (value) => {
        const holdsLiteral = hasLiteral(value);
        expect(isStrictCanonical(value)).toBe(!holdsLiteral);
        expect(findNonCanonical(value) !== undefined).toBe(holdsLiteral);
      }),
      propertyParameters(),
    );
  });
});

function hasLiteral(value: JsonValue): boolean {
  if (value instanceof NumberLiteral) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLiteral);
}

function valueOf(text: string): JsonValue {
  const result = parseJson(text);
  if (!result.ok) throw new Error(`${result.rule} ${result.reason}`);
  return result.value;
}
