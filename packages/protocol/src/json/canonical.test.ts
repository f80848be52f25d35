import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looseJsonValues, strictJsonValues } from '../testing/json-values.ts';
import { propertyParameters } from '../testing/runs.ts';
import { sharedVectors } from '../testing/shared.ts';
import { canonicalJson, canonicalJsonBytes } from './canonical.ts';
import { HIGHEST_MAX_DEPTH, parseJson } from './parse.ts';
import { NumberLiteral } from './value.ts';
import type { JsonValue } from './value.ts';

const appendix = sharedVectors('matrix/appendix.json');

interface AppendixCases {
  readonly canonicalJson: readonly { readonly input: string; readonly canonical: string }[];
}

describe.skipIf(appendix.missing)('the examples of the specification', () => {
  const { canonicalJson: cases } = appendix.missing
    ? { canonicalJson: [] }
    : (JSON.parse(readFileSync(appendix.path, 'utf8')) as AppendixCases);

  it('[CJ-1] gives the canonical form of every one', () => {
    expect(cases).toHaveLength(10);
    for (const { input, canonical } of cases) expect(canonicalOf(input)).toBe(canonical);
  });
});

describe('layout', () => {
  it('[CJ-1] has no white space', () => {
    expect(canonicalOf(' { "b" : [ 1 , { } , [ ] ] , "a" : null } ')).toBe(
      '{"a":null,"b":[1,{},[]]}',
    );
  });

  it.each([
    ['letters', ['b', 'a', 'B', 'A', '_'], ['A', 'B', '_', 'a', 'b']],
    ['a prefix first', ['ab', 'a', '', 'abc'], ['', 'a', 'ab', 'abc']],
    ['numbers as text', ['10', '9', '1', '-1', '01'], ['-1', '01', '1', '10', '9']],
    [
      'U+FFFF before U+10000',
      ['\u{10000}', '\uffff', '\ue000', 'a'],
      ['a', '\ue000', '\uffff', '\u{10000}'],
    ],
    [
      'within a key',
      ['x\u{1f600}a', 'x\ufb01', 'x\u{1f600}'],
      ['x\ufb01', 'x\u{1f600}', 'x\u{1f600}a'],
    ],
    [
      'beyond U+FFFF',
      ['\u{10ffff}', '\u{1f601}', '\u{1f600}'],
      ['\u{1f600}', '\u{1f601}', '\u{10ffff}'],
    ],
    ['names of the prototype', ['constructor', '__proto__'], ['__proto__', 'constructor']],
  ])('[CJ-2] orders keys by code point: %s', (_name, keys, ordered) => {
    const object = Object.fromEntries(keys.map((key) => [key, 0]));
    const written = ordered.map((key) => `${JSON.stringify(key)}:0`).join(',');
    expect(canonicalJson(object)).toBe(`{${written}}`);
  });

  it('[CJ-2] orders as UTF-8 bytes do', () => {
    const keys = fc.uniqueArray(
      fc.string({ unit: 'binary' }).map((key) => key.toWellFormed()),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(keys, (all) => {
        const written = canonicalJson(Object.fromEntries(all.map((key) => [key, 0])));
        const byBytes = all.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(written).toBe(`{${byBytes.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`);
      }),
      propertyParameters(),
    );
  });
});

describe('strings', () => {
  it.each([
    ['\b\t\n\f\r"\\', '"\\b\\t\\n\\f\\r\\"\\\\"'],
    ['\u0000\u0001\u000b\u001f', '"\\u0000\\u0001\\u000b\\u001f"'],
    ["/<>&'", '"/<>&\'"'],
    ['\u007f\u0080\u2028\u2029\ufeff', '"\u007f\u0080\u2028\u2029\ufeff"'],
    ['é日\u{1f600}', '"é日\u{1f600}"'],
  ])('[CJ-3] writes %j with the shortest escapes', (text, written) => {
    expect(canonicalJson(text)).toBe(written);
    expect(canonicalJson({ [text]: 0 })).toBe(`{${written}:0}`);
  });
});

describe('numbers', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['-5', '-5'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', '9007199254740993'],
    ['-123456789012345678901234567890', '-123456789012345678901234567890'],
  ])('[CJ-4] writes the integer %s with all its digits', (token, written) => {
    expect(canonicalOf(token)).toBe(written);
  });

  it('[CJ-4] writes our own -0 as 0', () => {
    expect(canonicalJson(-0)).toBe('0');
  });

  it.each([
    ['1e10', '10000000000'],
    ['1E+2', '100'],
    ['-12e1', '-120'],
    ['0e7', '0'],
    ['9e15', '9000000000000000'],
  ])('[CJ-5] writes %s out while a double holds it exactly', (token, written) => {
    expect(canonicalOf(token)).toBe(written);
  });

  it.each([
    ['1.0', '1.0'],
    ['1.50', '1.5'],
    ['-0.0', '0.0'],
    ['1.5e1', '15.0'],
    ['100e-2', '1.0'],
    ['0.1000000000000000055', '0.1'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['-2.5e-7', '-2.5e-07'],
    ['123456789.5e7', '1234567895000000.0'],
    ['1.0e16', '1e+16'],
    ['1e16', '1e+16'],
    ['1.7976931348623157e308', '1.7976931348623157e+308'],
    ['5e-324', '5e-324'],
    ['1e-400', '0.0'],
  ])('[CJ-6] writes %s as the shortest text of its double, as Synapse does', (token, written) => {
    expect(canonicalOf(token)).toBe(written);
  });
});

describe('values that no peer can send', () => {
  it.each<[string, JsonValue, string]>([
    ['a fraction', { a: [0, 1.5] }, 'a[1]'],
    ['an unsafe integer', { a: 2 ** 53 }, 'a'],
    ['NaN', { a: { 'b.c': Number.NaN } }, 'a["b.c"]'],
    ['a lone surrogate', ['\ud800'], '[0]'],
    ['a lone surrogate in a key', { '\udc00': 1 }, '["\\udc00"]'],
    ['undefined', { a: undefined } as unknown as JsonValue, 'a'],
    ['a function', [() => 1] as unknown as JsonValue, '[0]'],
    ['an infinite literal', { a: new NumberLiteral('1e999') }, 'a'],
  ])('[CJ-7] throws at %s and names the field', (_name, value, path) => {
    expect(() => canonicalJson(value)).toThrow(RangeError);
    expect(() => canonicalJson(value)).toThrow(`canonical JSON: ${path}: `);
  });

  it('[CJ-8] throws at a value without end', () => {
    const endless: JsonValue[] = [];
    endless.push({ a: endless });
    expect(() => canonicalJson(endless)).toThrow(/nested deeper than 1024/);
  });

  it('[CJ-8] writes whatever the parser lets pass, and what is around it', () => {
    const text = `${'{"a":'.repeat(HIGHEST_MAX_DEPTH)}1${'}'.repeat(HIGHEST_MAX_DEPTH)}`;
    const body = parseJson(text, { maxDepth: HIGHEST_MAX_DEPTH });
    expect(body.ok && canonicalJson({ content: [body.value] })).toBe(`{"content":[${text}]}`);
  });
});

describe('properties', () => {
  it('[CJ-10] is a fixed point', () => {
    fc.assert(
      fc.property(looseJsonValues, (value) => {
        const once = canonicalJson(value);
        expect(canonicalOf(once)).toBe(once);
      }),
      propertyParameters(),
    );
  });

  it('[CJ-10] is read back as the same value', () => {
    fc.assert(
      fc.property(strictJsonValues, (value) => {
        const again = parseJson(canonicalJsonBytes(value));
        expect(again.ok && isDeepStrictEqual(again.value, value)).toBe(true);
      }),
      propertyParameters(),
    );
  });

  it('[CJ-10] is the same by the short way, for values in order, as by the long one', () => {
    fc.assert(
      fc.property(strictJsonValues, (value) => {
        const inOrder = JSON.parse(canonicalJson(value)) as JsonValue;
        // The literal sends the second value the long way; both are in order.
        const literal = new NumberLiteral('0');
        return canonicalJson([inOrder, literal]) === `[${canonicalJson(inOrder)},0]`;
      }),
      propertyParameters(),
    );
  });

  it('[CJ-10] does not depend on the order of members', () => {
    fc.assert(
      fc.property(looseJsonValues, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
      propertyParameters(),
    );
  });
});

function reversed(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || value instanceof NumberLiteral) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(reversed);
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, item]) => [key, reversed(item)]));
}

function canonicalOf(text: string): string {
  const result = parseJson(text);
  if (!result.ok) throw new Error(`${result.rule} ${result.reason}`);
  return canonicalJson(result.value);
}
