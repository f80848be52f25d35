import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MAX_DEPTH, HIGHEST_MAX_DEPTH, parseJson } from './parse.ts';
import type { JsonLimits } from './parse.ts';
import { isObject, member, NumberLiteral } from './value.ts';
import type { JsonObject, JsonValue } from './value.ts';

describe('bytes', () => {
  it.each([
    ['a byte that begins nothing', [0x22, 0xff, 0x22], 1],
    ['a continuation by itself', [0x22, 0x61, 0x80, 0x22], 2],
    ['an overlong form', [0x22, 0xc0, 0x80, 0x22], 1],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22], 1],
    ['a code point past U+10FFFF', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], 1],
    ['a character that breaks off', [0x22, 0x61, 0xe6, 0x97], 2],
  ])('[JSON-1] refuses %s', (_name, bytes, first) => {
    const refusal = refusalOf(Uint8Array.from(bytes));
    expect(refusal.rule).toBe('JSON-1');
    const offset = Number(/byte (\d+)/.exec(refusal.reason)?.[1]);
    expect(offset).toBeGreaterThanOrEqual(first);
    expect(offset).toBeLessThan(bytes.length + 1);
  });

  it('[JSON-1] reads a view into a larger buffer', () => {
    const bytes = Buffer.from('xx{"a":"日"}xx').subarray(2, -2);
    expect(valueOf(bytes)).toEqual({ a: '日' });
  });

  it('[JSON-2] refuses a byte order mark, but not U+FEFF within a string', () => {
    expect(refusalOf('\ufeff{}').rule).toBe('JSON-2');
    expect(refusalOf(Buffer.from('\ufeff{}')).rule).toBe('JSON-2');
    expect(valueOf('"\ufeff"')).toBe('\ufeff');
  });

  it('[JSON-3] counts bytes, not characters, against the bound', () => {
    expect(valueOf('"日"', { maxBytes: 5 })).toBe('日');
    expect(refusalOf('"日"', { maxBytes: 4 }).rule).toBe('JSON-3');
    expect(refusalOf(Buffer.from('"日"'), { maxBytes: 4 }).rule).toBe('JSON-3');
  });
});

describe('depth', () => {
  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('[JSON-4] takes %s as deep as the bound and no deeper', (_name, open, close) => {
    const nested = (depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(parseJson(nested(DEFAULT_MAX_DEPTH)).ok).toBe(true);
    expect(refusalOf(nested(DEFAULT_MAX_DEPTH + 1)).rule).toBe('JSON-4');
    expect(parseJson(nested(3), { maxDepth: 3 }).ok).toBe(true);
    expect(refusalOf(nested(4), { maxDepth: 3 }).rule).toBe('JSON-4');
    expect(parseJson(nested(HIGHEST_MAX_DEPTH), { maxDepth: HIGHEST_MAX_DEPTH }).ok).toBe(true);
  });

  it('[JSON-4] does not overflow on endless nesting (SEC-27)', () => {
    expect(refusalOf('['.repeat(1_000_000)).rule).toBe('JSON-4');
    expect(refusalOf('{"a":'.repeat(1_000_000)).rule).toBe('JSON-4');
  });

  it('[JSON-4] has no bound that the stack would not bear', () => {
    expect(() => parseJson('1', { maxDepth: HIGHEST_MAX_DEPTH + 1 })).toThrow(RangeError);
  });
});

describe('grammar', () => {
  it.each([
    '',
    ' ',
    '{',
    '[',
    '"',
    '"a',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '[1',
    '[1,',
    '[,]',
    '[1,]',
    '[1 2]',
    '{,}',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    "{'a':1}",
    "'a'",
    '{1:1}',
    'nul',
    'True',
    'NaN',
    'Infinity',
    '-Infinity',
    'undefined',
    '+1',
    '.5',
    '1.',
    '1.e1',
    '1e',
    '1e+',
    '-',
    '--1',
    '01',
    '-01',
    '00',
    '/**/1',
    '\u00a01',
    '\v1',
  ])('[JSON-5] refuses %j', (text) => {
    expect(refusalOf(text).rule).toBe('JSON-5');
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  it('[JSON-5] reads white space where the grammar has it', () => {
    expect(valueOf(' \t\r\n{ "a" : [ 1 , true , null , false ] , "b" : { } } \n')).toEqual({
      a: [1, true, null, false],
      b: {},
    });
  });

  it.each(['1 2', '0x10', '1_000', '{}{}', '[]]', '"a""b"', 'nulll', '1,', '{}//'])(
    '[JSON-6] refuses what follows the value in %j',
    (text) => {
      expect(refusalOf(text).rule).toBe('JSON-6');
    },
  );
});

describe('strings', () => {
  it.each(['\u0000', '\u001f', '\n', '\t', '\r'])(
    '[JSON-7] refuses the bare control character %j, in keys too',
    (character) => {
      expect(refusalOf(`"a${character}b"`).rule).toBe('JSON-7');
      expect(refusalOf(`{"a${character}":1}`).rule).toBe('JSON-7');
    },
  );

  it('[JSON-7] takes every other character as it is', () => {
    expect(valueOf('"\u007f\u0080\u2028\u2029\u{1f600}\uffff"')).toBe(
      '\u007f\u0080\u2028\u2029\u{1f600}\uffff',
    );
  });

  it.each([
    '\\x41',
    '\\a',
    '\\',
    '\\u',
    '\\u12',
    '\\u12g4',
    '\\u+123',
    '\\u 123',
    '\\U0041',
    '\\0',
  ])('[JSON-8] refuses the escape %s', (escape) => {
    expect(refusalOf(`"${escape} "`).rule).toBe('JSON-8');
  });

  it('[JSON-8] reads all escapes there are', () => {
    expect(valueOf('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\uD83D\\ude00"')).toBe(
      '"\\/\b\f\n\r\tA\u{1f600}',
    );
  });

  it.each([
    ['a high one, escaped', '"\\ud800"'],
    ['a low one, escaped', '"\\udc00"'],
    ['two in the wrong order', '"\\ude00\\ud83d"'],
    ['a high one before a letter', '"\\ud83dx"'],
    ['a high one before another escape', '"\\ud83d\\n"'],
    ['a bare one', '"a\ud800"'],
    ['one after a pair', '"\u{1f600}\\udc00"'],
  ])('[JSON-9] refuses a lone surrogate: %s, in keys too (SEC-27)', (_name, text) => {
    expect(refusalOf(text).rule).toBe('JSON-9');
    expect(refusalOf(`{${text}:1}`).rule).toBe('JSON-9');
  });

  it('[JSON-9] lets an escaped backslash before "ud800" be', () => {
    expect(valueOf('"\\\\ud800"')).toBe('\\ud800');
  });
});

describe('keys', () => {
  it.each([
    ['plainly', '{"a":1,"a":1}', 'a'],
    ['with an escape', '{"a":1,"\\u0061":2}', 'a'],
    ['far apart', '{"a":1,"b":{"a":1},"c":[],"a":2}', 'a'],
    ['nested', '{"x":[{"y":{"a":1,"b":2,"b":3}}]}', 'x[0].y.b'],
    ['as __proto__', '{"__proto__":1,"__proto__":2}', '__proto__'],
    ['with empty objects for values', '{"a":{},"a":{}}', 'a'],
    ['with members below them', '{"a":{"x":1},"b":0,"a":{"y":1,"z":2}}', 'a'],
    ['as an index', '{"1":0,"0":0,"1":0}', '["1"]'],
    ['as a member of a number literal', '{"source":1.5,"source":2.5}', 'source'],
  ])('[JSON-10] refuses a key that occurs twice %s (SEC-27)', (_name, text, path) => {
    const refusal = refusalOf(text);
    expect(refusal.rule).toBe('JSON-10');
    expect(refusal.reason.startsWith(`${path}: `)).toBe(true);
  });

  it('[JSON-10] lets objects beside and within one another share keys', () => {
    expect(valueOf('[{"a":{"a":{"a":1}}},{"a":1}]')).toEqual([{ a: { a: { a: 1 } } }, { a: 1 }]);
  });

  it('[JSON-16] reads keys with escapes, whatever keys were read before', () => {
    for (const [before, text, key] of [
      ['{"\\\\":0}', '{"\\u0061":0}', 'a'],
      ['{"a":0,"x\\\\":0}', '{"a":0,"x\\n":0}', 'x\n'],
      ['{"b":0,"\\\\u":0}', '{"b":0,"\\u0061c":0}', 'ac'],
    ] as const) {
      valueOf(before);
      JSON.parse(before);
      expect(Object.keys(valueOf(text) as JsonObject)).toContain(key);
    }
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'toJSON'])(
    '[JSON-13] takes %s for the ordinary key that it is (SEC-46)',
    (key) => {
      for (const number of ['1', '1.5']) {
        const value = valueOf(`{"a":{"${key}":{"polluted":${number}}}}`);
        const inner = isObject(value) ? member(value, 'a') : undefined;
        expect(Object.keys(inner as JsonObject)).toEqual([key]);
        expect(Object.getPrototypeOf(inner)).toBe(Object.prototype);
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      }
    },
  );
});

describe('numbers', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['-1', -1],
    ['10', 10],
    ['999999999999999', 999_999_999_999_999],
    ['1000000000000000', 1_000_000_000_000_000],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
  ])('[JSON-11] gives the integer %s as a number', (token, number) => {
    expect(valueOf(token)).toBe(number);
    expect(valueOf(`{"a":[${token}]}`)).toEqual({ a: [number] });
  });

  it.each([
    '-0',
    '1.0',
    '0.5',
    '-0.0',
    '1e3',
    '1E3',
    '1e+3',
    '100e-2',
    '9007199254740992',
    '-9007199254740992',
    '9007199254740993',
    '10000000000000000',
    '123456789012345678901234567890',
    '1e308',
    '1e-400',
    '9'.repeat(400),
  ])('[JSON-11] keeps %s as it was written', (token) => {
    expect(valueOf(token)).toEqual(new NumberLiteral(token));
    const value = valueOf(`{"a":[1,${token},"1.0"]}`) as { a: JsonValue[] };
    expect(value.a[1]).toBeInstanceOf(NumberLiteral);
    expect(value).toEqual({ a: [1, new NumberLiteral(token), '1.0'] });
  });

  it.each(['1e309', '-1e309', '1.5e400', `1e${'9'.repeat(50)}`])(
    '[JSON-12] refuses %s, which only infinity could stand for (SEC-27)',
    (token) => {
      expect(refusalOf(`{"depth":${token}}`)).toMatchObject({
        rule: 'JSON-12',
        reason: expect.stringMatching(/^depth: /),
      });
    },
  );
});

describe('refusals', () => {
  it.each([
    ['{"pdus":[{"content":{"m.mentions":NaN}}]}', 'pdus[0].content["m.mentions"]', 34],
    ['[0,1,{"a":[true,tru]}]', '[2].a[1]', 16],
    ['{"a":1,"b" 2}', 'b', 11],
    ['{"a":1,2:3}', 'top level', 7],
    ['[1,2', '[1]', 4],
    ['{"a\\"b":[x]}', '["a\\"b"][0]', 9],
  ])('[JSON-14] names field and offset in %s', (text, path, offset) => {
    expect(refusalOf(text).reason).toMatch(`${path}: `);
    expect(refusalOf(text).reason).toMatch(`(character ${offset})`);
    expect(refusalOf(Buffer.from(text)).reason).toMatch(`(byte ${offset})`);
  });

  it('[JSON-14] counts bytes where bytes came', () => {
    expect(refusalOf('{"日":x}').reason).toMatch('(character 5)');
    expect(refusalOf(Buffer.from('{"日":x}')).reason).toMatch('(byte 7)');
  });

  it('[JSON-14] shows little of a long or strange name', () => {
    const { reason } = refusalOf(`{"${'\u007f\\n'.repeat(5_000)}":x}`);
    expect(reason.length).toBeLessThan(300);
    expect(reason).not.toMatch('\n');
  });
});

function refusalOf(
  input: Uint8Array | string,
  limits?: JsonLimits,
): { readonly rule: string; readonly reason: string } {
  const result = parseJson(input, limits);
  if (result.ok) throw new Error(`not refused: ${JSON.stringify(result.value)}`);
  return result;
}

function valueOf(input: Uint8Array | string, limits?: JsonLimits): JsonValue {
  const result = parseJson(input, limits);
  if (!result.ok) throw new Error(`${result.rule} ${result.reason}`);
  return result.value;
}
