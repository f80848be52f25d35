import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { canonicalJson } from '../json/canonical.ts';
import { isObject } from '../json/value.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { looseJsonValues } from '../testing/json-values.ts';
import { propertyParameters } from '../testing/runs.ts';
import { sharedVectors } from '../testing/shared.ts';
import { testKey, verifyKeyOf } from '../testing/test-keys.ts';
import { signJson } from './sign-json.ts';
import { createSigningKey } from './signing-key.ts';
import { verifyJson } from './verify-json.ts';

const appendix = sharedVectors('matrix/appendix.json');

interface SigningCases {
  readonly seed: string;
  readonly serverName: string;
  readonly jsonSigning: readonly { readonly input: JsonObject; readonly signed: JsonObject }[];
}

describe.skipIf(appendix.missing)('the examples of the specification', () => {
  it('[SIG-12] get the signatures that are printed there (SEC-18)', () => {
    const cases = JSON.parse(readFileSync(appendix.path, 'utf8')) as SigningCases;
    const key = createSigningKey('1', decodeBase64(cases.seed) ?? new Uint8Array());
    expect(cases.jsonSigning).toHaveLength(2);
    for (const { input, signed } of cases.jsonSigning) {
      expect(signJson(input, cases.serverName, key)).toEqual(signed);
      expect(verifyJson(signed, cases.serverName, 'ed25519:1', verifyKeyOf(key.publicKey))).toEqual(
        {
          ok: true,
        },
      );
    }
  });
});

describe('signing', () => {
  const { signing, verify } = testKey('1');

  it('[SIG-12] covers neither signatures nor unsigned, and keeps both', () => {
    const plain = signJson({ a: 1 }, 'a.example', signing);
    const full = signJson(
      { a: 1, unsigned: { age: 3 }, signatures: { 'b.example': { 'ed25519:x': 'abc' } } },
      'a.example',
      signing,
    );
    expect(full).toEqual({
      ...plain,
      unsigned: { age: 3 },
      signatures: { 'b.example': { 'ed25519:x': 'abc' }, ...(plain['signatures'] as JsonObject) },
    });
  });

  it('[SIG-12] adds to the signatures of the same entity', () => {
    const other = testKey('2', 2);
    const twice = signJson(signJson({ a: 1 }, 'a.example', signing), 'a.example', other.signing);
    expect(verifyJson(twice, 'a.example', 'ed25519:1', verify).ok).toBe(true);
    expect(verifyJson(twice, 'a.example', 'ed25519:2', other.verify).ok).toBe(true);
  });

  it.each<[JsonValue]>([[null], ['x'], [[]], [{ 'a.example': 'x' }], [{ 'a.example': [] }]])(
    '[SIG-12] puts a right signatures object where %j was',
    (signatures) => {
      const signed = signJson({ a: 1, signatures }, 'a.example', signing);
      expect(verifyJson(signed, 'a.example', 'ed25519:1', verify).ok).toBe(true);
    },
  );

  it('[SIG-12] takes entities and objects with names of the prototype', () => {
    const object = JSON.parse('{"__proto__":{"a":1}}') as JsonObject;
    const signed = signJson(object, '__proto__', signing);
    expect(Object.keys(signed)).toEqual(['__proto__', 'signatures']);
    expect(verifyJson(signed, '__proto__', 'ed25519:1', verify)).toEqual({ ok: true });
    expect(verifyJson({ a: 1 }, '__proto__', 'ed25519:1', verify).ok).toBe(false);
    expect(verifyJson({ a: 1 }, 'constructor', 'name', verify).ok).toBe(false);
  });
});

describe('checking a signature', () => {
  const { signing, verify } = testKey('1');
  const signed = signJson({ a: 1 }, 'a.example', signing);

  it.each<[string, string, JsonValue, string, string]>([
    ['no signatures', 'SIG-3', {}, 'a.example', 'ed25519:1'],
    ['signatures of a wrong shape', 'SIG-3', { signatures: [] }, 'a.example', 'ed25519:1'],
    ['another entity', 'SIG-3', signed, 'b.example', 'ed25519:1'],
    ['another key', 'SIG-3', signed, 'a.example', 'ed25519:2'],
    [
      'no string',
      'SIG-3',
      { signatures: { 'a.example': { 'ed25519:1': 5 } } },
      'a.example',
      'ed25519:1',
    ],
    [
      'another algorithm',
      'SIG-4',
      { signatures: { 'a.example': { 'rsa:1': 'abc' } } },
      'a.example',
      'rsa:1',
    ],
    [
      'no Base64',
      'SIG-5',
      { signatures: { 'a.example': { 'ed25519:1': 'a b' } } },
      'a.example',
      'ed25519:1',
    ],
    [
      'a short one',
      'SIG-6',
      { signatures: { 'a.example': { 'ed25519:1': 'abcd' } } },
      'a.example',
      'ed25519:1',
    ],
    ['a changed object', 'SIG-6', { ...signed, a: 2 }, 'a.example', 'ed25519:1'],
    ['one member more', 'SIG-6', { ...signed, b: 2 }, 'a.example', 'ed25519:1'],
  ])('fails for %s by [%s], and names the signature', (_name, rule, object, entity, keyId) => {
    const decision = verifyJson(object as JsonObject, entity, keyId, verify);
    expect(decision).toMatchObject({
      ok: false,
      rule,
      reason: expect.stringContaining(`signatures["${entity}"]["${keyId}"]: `),
    });
  });

  it('[SIG-3] [SIG-4] [SIG-5] [SIG-6] holds for what was signed, unsigned members aside', () => {
    const annotated = { ...signed, unsigned: { age: 5 } };
    expect(verifyJson(annotated, 'a.example', 'ed25519:1', verify)).toEqual({ ok: true });
    const reordered = Object.fromEntries(Object.entries(annotated).toReversed());
    expect(verifyJson(reordered, 'a.example', 'ed25519:1', verify)).toEqual({ ok: true });
  });
});

describe('properties', () => {
  const { signing, verify } = testKey('1');
  const objects = looseJsonValues.map((value) => (isObject(value) ? value : { value }));

  it('[SIG-13] what was signed verifies', () => {
    fc.assert(
      fc.property(objects, fc.string({ unit: 'grapheme' }), (object, entity) => {
        const signed = signJson(object, entity, signing);
        return verifyJson(signed, entity, signing.keyId, verify).ok;
      }),
      propertyParameters(),
    );
  });

  it('[SIG-13] no bit of signature or text can be another', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 7 }), fc.boolean(), (place, bit, inText) => {
        const bytes = Buffer.from(canonicalJson({ a: 1, b: 'text' }));
        const signature = Buffer.from(signing.sign(bytes));
        const target = inText ? bytes : signature;
        const at = place % target.length;
        target[at] = (target[at] ?? 0) ^ (1 << bit);
        return !verify.verify(bytes, signature);
      }),
      propertyParameters(),
    );
  });

  it('[SIG-13] no other key verifies', () => {
    const signed = signJson({ a: 1 }, 'a.example', signing);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        fc.pre(encodeBase64(bytes) !== signing.publicKey);
        return !verifyJson(signed, 'a.example', 'ed25519:1', verifyKeyOf(encodeBase64(bytes))).ok;
      }),
      propertyParameters(),
    );
  });
});
