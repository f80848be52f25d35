import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutatedText } from '../testing/mutations.ts';
import { fuzzParameters, propertyParameters } from '../testing/runs.ts';
import { formatKeyFile, parseKeyFile } from './key-file.ts';
import { createSigningKey } from './signing-key.ts';

const SEED = 'YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1';

describe('key files', () => {
  it.each([
    ['one key', `ed25519 a_AbCd ${SEED}\n`, ['ed25519:a_AbCd']],
    ['no line end', `ed25519 1 ${SEED}`, ['ed25519:1']],
    [
      'two keys, the first to sign with',
      `ed25519 b ${SEED}\ned25519 a ${SEED}\n`,
      ['ed25519:b', 'ed25519:a'],
    ],
    ['other white space and line ends', `  ed25519\t1   ${SEED}  \r\n\r\n`, ['ed25519:1']],
    ['padding', `ed25519 1 ${SEED}=\n`, ['ed25519:1']],
  ])('[KEY-1] are read: %s', (_name, text, keyIds) => {
    const keys = parseKeyFile(text);
    expect(keys.ok && keys.value.map((key) => key.keyId)).toEqual(keyIds);
    expect(keys.ok && keys.value[0]?.publicKey).toBe('XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI');
  });

  it.each([
    ['no key', 'KEY-1', 'key file: holds no key', ''],
    ['only white space', 'KEY-1', 'key file: holds no key', ' \n\n'],
    ['too much', 'KEY-1', 'key file: longer', ' '.repeat(20_000)],
    [
      'too many keys',
      'KEY-1',
      'key file: more than 32',
      Array.from({ length: 33 }, (_, index) => `ed25519 ${index} ${SEED}`).join('\n'),
    ],
    ['a comment', 'KEY-2', 'line 1: ', `# my key\ned25519 1 ${SEED}`],
    ['two columns', 'KEY-2', 'line 1: ', `ed25519 ${SEED}`],
    ['four columns', 'KEY-2', 'line 2: ', `ed25519 1 ${SEED}\ned25519 2 1700000000000 ${SEED}`],
    ['another algorithm', 'KEY-2', 'line 1: algorithm', `ed448 1 ${SEED}`],
    ['a version with a dash', 'KEY-2', 'line 1: version', `ed25519 a-b ${SEED}`],
    ['a short seed', 'KEY-2', 'line 1: seed', `ed25519 1 ${SEED.slice(4)}`],
    ['a seed that is no Base64', 'KEY-2', 'line 1: seed', `ed25519 1 ${SEED.slice(1)}!`],
    ['a version twice', 'KEY-3', 'line 3: ', `ed25519 1 ${SEED}\n\ned25519 1 ${SEED}`],
  ])('refuse %s by [%s], name the line and show no secret', (_name, rule, start, text) => {
    const refusal = parseKeyFile(text);
    expect(refusal).toMatchObject({ ok: false, rule, reason: expect.stringContaining(start) });
    expect(JSON.stringify(refusal)).not.toContain(SEED.slice(4, 20));
  });

  it('[KEY-2] [KEY-3] come back from what was written', () => {
    const version = fc.stringMatching(/^[A-Za-z0-9_]{1,20}$/);
    const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const entries = fc.uniqueArray(fc.tuple(version, seed), {
      minLength: 1,
      maxLength: 5,
      selector: ([name]) => name,
    });
    fc.assert(
      fc.property(entries, (all) => {
        const keys = all.map(([name, bytes]) => createSigningKey(name, bytes));
        const again = parseKeyFile(formatKeyFile(keys));
        expect(again.ok && again.value.map((key) => [key.keyId, key.exportSeed()])).toEqual(
          keys.map((key) => [key.keyId, key.exportSeed()]),
        );
      }),
      propertyParameters(),
    );
  });

  it('[KEY-1] are what Synapse writes', () => {
    const file = `ed25519 a_AbCd ${SEED.slice(0, -1)}0\n`;
    const keys = parseKeyFile(file);
    expect(keys.ok && formatKeyFile(keys.value)).toBe(file);
  });

  it('[KEY-2] of any content do no harm', () => {
    const samples = [`ed25519 a_AbCd ${SEED}\n`, `ed25519 1 ${SEED}\ned25519 2 ${SEED}\n`];
    const pieces = ['ed25519', ' ', '\n', '\r\n', '\t', SEED, '__proto__', 'a-b', '='];
    fc.assert(
      fc.property(mutatedText(samples, pieces), (text) => {
        const keys = parseKeyFile(text);
        if (!keys.ok)
          return /^KEY-[123]$/.test(keys.rule) && /^(line \d+|key file): /.test(keys.reason);
        return parseKeyFile(formatKeyFile(keys.value)).ok;
      }),
      fuzzParameters(),
    );
  });
});
