import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBase64 } from '../json/base64.ts';
import { fuzzParameters } from '../testing/runs.ts';
import { mutatedText } from '../testing/mutations.ts';
import { testKey, verifyKeyOf } from '../testing/test-keys.ts';
import { createSigningKey } from './signing-key.ts';
import { parseVerifyKey } from './verify-key.ts';

// RFC 8032, section 7.1, test 3.
const SEED = Buffer.from('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'hex');
const PUBLIC = Buffer.from(
  'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
  'hex',
);
const MESSAGE = Buffer.from('af82', 'hex');
const SIGNATURE =
  '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a';

describe('signing keys', () => {
  it('[SIG-10] are what RFC 8032 makes of their seed (SEC-18)', () => {
    const key = createSigningKey('a_1', SEED);
    expect(key.keyId).toBe('ed25519:a_1');
    expect(key.publicKey).toBe(encodeBase64(PUBLIC));
    expect(Buffer.from(key.sign(MESSAGE)).toString('hex')).toBe(SIGNATURE);
    expect(verifyKeyOf(key.publicKey).verify(MESSAGE, Buffer.from(SIGNATURE, 'hex'))).toBe(true);
    expect(Buffer.from(key.exportSeed())).toEqual(SEED);
  });

  it('[SIG-10] do not change when the seed is wiped', () => {
    const seed = Uint8Array.from(SEED);
    const key = createSigningKey('1', seed);
    seed.fill(0);
    key.exportSeed().fill(0);
    expect(Buffer.from(key.exportSeed())).toEqual(SEED);
  });

  it.each(['', 'a-b', 'a b', 'a:b', 'ä', 'a\n'])('[SIG-10] have no version %j', (version) => {
    expect(() => createSigningKey(version, SEED)).toThrow(RangeError);
  });

  it.each([0, 31, 33, 64])('[SIG-10] are not made of %i bytes', (length) => {
    expect(() => createSigningKey('1', new Uint8Array(length))).toThrow(RangeError);
  });

  it('[SIG-11] show no secret when they are printed', () => {
    const key = createSigningKey('1', SEED);
    const printed = `${inspect(key, { depth: 9, showHidden: true })}${JSON.stringify(key)}`;
    expect(printed).not.toContain(encodeBase64(SEED));
    expect(printed).not.toContain('197, 170');
    expect(printed).not.toContain('c5aa8df4');
  });
});

describe('verify keys', () => {
  it.each([
    ['padded', `${encodeBase64(PUBLIC)}=`],
    ['unpadded', encodeBase64(PUBLIC)],
    ['URL-safe', PUBLIC.toString('base64url')],
  ])('[SIG-1] are read from Base64, %s', (_name, text) => {
    expect(verifyKeyOf(text).publicKey).toBe(encodeBase64(PUBLIC));
  });

  it.each([
    ['nothing', ''],
    ['a byte less', encodeBase64(PUBLIC.subarray(1))],
    ['a byte more', encodeBase64(Buffer.concat([PUBLIC, Buffer.of(1)]))],
    ['no Base64', `${encodeBase64(PUBLIC).slice(1)}!`],
  ])('[SIG-1] are not read from %s', (_name, text) => {
    expect(parseVerifyKey(text)).toMatchObject({ ok: false, rule: 'SIG-1' });
  });

  it.each([
    ['no point of the curve', Buffer.alloc(32, 0xff)],
    ['the neutral point', Buffer.from('01'.padEnd(64, '0'), 'hex')],
  ])('[SIG-6] verify nothing that was signed by another when they are %s', (_name, bytes) => {
    const { signing } = testKey('1');
    expect(verifyKeyOf(encodeBase64(bytes)).verify(MESSAGE, signing.sign(MESSAGE))).toBe(false);
  });

  it.each([0, 63, 65])('[SIG-6] verify no signature of %i bytes', (length) => {
    const signature = Buffer.concat([Buffer.from(SIGNATURE, 'hex'), Buffer.alloc(1)]);
    const key = verifyKeyOf(encodeBase64(PUBLIC));
    expect(key.verify(MESSAGE, signature.subarray(0, length))).toBe(false);
  });
});

it('[SIG-1] any text is a public key of 32 bytes or none', () => {
  const samples = [encodeBase64(PUBLIC), 'A'.repeat(43), `${'-_'.repeat(21)}8=`];
  fc.assert(
    fc.property(mutatedText(samples, ['=', '+', '-', '/', '_', 'A', '\n', '\0']), (text) => {
      const key = parseVerifyKey(text);
      if (!key.ok) return key.rule === 'SIG-1' && key.reason.startsWith('a public key is');
      const { publicKey } = key.value;
      return publicKey.length === 43 && !key.value.verify(MESSAGE, new Uint8Array(64));
    }),
    fuzzParameters(),
  );
});
