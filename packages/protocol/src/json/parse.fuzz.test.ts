import { Buffer, isUtf8 } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Refused } from '../decision.ts';
import { mutatedBytes, mutatedText } from '../testing/mutations.ts';
import { fuzzParameters } from '../testing/runs.ts';
import { buildJson } from './build.ts';
import { canonicalJson } from './canonical.ts';
import { parseJson } from './parse.ts';
import { scanJson } from './scan.ts';
import { isArray, isObject, NumberLiteral } from './value.ts';
import type { JsonValue } from './value.ts';

const SAMPLES = [
  '{"type":"m.room.message","content":{"body":"a \\"b\\"\\n\\u00e9 日 \u{1f600}","n":[1,-2,3]},"depth":12}',
  '{"__proto__":{"a":1},"constructor":{"prototype":{"x":true}},"a":null}',
  '[0,-0,1.0,1e3,1E-7,9007199254740991,9007199254740992,-9007199254740993]',
  '{"a":{"a":{"a":[[[{"b":{}}]]]}},"\\u0061b":1,"ab":2}',
  '"\\ud83d\\ude00\\ud800"',
  ' [ true , false , null , "" , { } , [ ] ] ',
];

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud83d',
  '\\ude00',
  '\\u0000',
  'true',
  'null',
  '-',
  '0',
  '1',
  '.',
  'e',
  'E+',
  '9007199254740993',
  '"a"',
  '"a":1',
  '"__proto__":',
  'NaN',
  ' ',
  '\n',
  '\u0000',
  '\ufeff',
  '\ud800',
  '\udc00',
  '\u{1f600}',
];

describe('any input', () => {
  it('[JSON-5] accepts nothing that JSON.parse refuses, and gives the same values', () => {
    fc.assert(
      fc.property(mutatedText(SAMPLES, PIECES), (text) => {
        const native = parseNatively(text);
        const ours = parseJson(text);
        if (!ours.ok) return isRefusal(ours);
        // JSON.parse itself takes keys with escapes for others: see build.ts.
        if (/\\[^"]*"\s*:/.test(text) || text.includes('\\"')) return native !== undefined;
        return (
          isDeepStrictEqual(withNumbers(ours.value), native?.value) &&
          isDeepStrictEqual(buildJson(text), ours.value)
        );
      }),
      fuzzParameters(),
    );
  });

  it('[JSON-10] counts repeated keys exactly as it finds them', () => {
    fc.assert(
      fc.property(mutatedText(SAMPLES, PIECES), (text) => {
        const scan = scanJson(text, { maxDepth: 100, findRepeatedKeys: true });
        const ours = parseJson(text);
        const repeats = !ours.ok && ours.rule === 'JSON-10';
        return (
          ours.ok === (scan.ok && !text.startsWith('\ufeff')) &&
          (!repeats || (!scan.ok && scan.rule === 'JSON-10'))
        );
      }),
      fuzzParameters(),
    );
  });

  it('[JSON-1] neither crashes on bytes nor takes wrong UTF-8', () => {
    fc.assert(
      fc.property(mutatedBytes(SAMPLES, PIECES), (bytes) => {
        const ours = parseJson(bytes);
        if (!isUtf8(bytes))
          return !ours.ok && ours.rule === 'JSON-1' && /byte \d+/.test(ours.reason);
        return ours.ok === parseJson(Buffer.from(bytes).toString()).ok;
      }),
      fuzzParameters(),
    );
  });

  it('[JSON-13] leaves the prototypes alone', () => {
    const before = Reflect.ownKeys(Object.prototype);
    fc.assert(
      fc.property(mutatedText(SAMPLES, PIECES), (text) => {
        const ours = parseJson(text);
        return !ours.ok || canonicalJson(ours.value) !== '';
      }),
      fuzzParameters(),
    );
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  });
});

function isRefusal({ rule, reason }: Refused): boolean {
  return /^JSON-\d+$/.test(rule) && /^.+: .+ \(character \d+\)$|byte order mark$/s.test(reason);
}

function parseNatively(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The value as `JSON.parse` has it, which rounds. */
function withNumbers(value: JsonValue): unknown {
  if (value instanceof NumberLiteral) return Number(value.source);
  if (isArray(value)) return value.map(withNumbers);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item)]));
}
