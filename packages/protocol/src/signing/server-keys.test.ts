import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyId, ServerName } from '../identifiers/brand.ts';
import { parseJson } from '../json/parse.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { mutatedText } from '../testing/mutations.ts';
import { fuzzParameters } from '../testing/runs.ts';
import { testKey } from '../testing/test-keys.ts';
import { publishServerKeys } from './publish-server-keys.ts';
import { KEY_TRUST_MS, parseServerKeys } from './server-keys.ts';
import { signJson } from './sign-json.ts';

const server = 'a.example' as ServerName;
const now = 1_700_000_000_000;
const [first, second, third] = [testKey('1'), testKey('2', 2), testKey('3', 3)];

const document = publishServerKeys({
  serverName: server,
  keys: [first.signing, second.signing],
  retired: [{ keyId: 'ed25519:old' as KeyId, publicKey: third.signing.publicKey, expiredTs: 5 }],
  validUntilTs: now + 1_000,
});

/** The document with other members, signed anew by the first key. */
function changed(members: JsonObject): JsonObject {
  const { signatures: _signatures, ...rest } = document;
  return signJson({ ...rest, ...members }, server, first.signing);
}

describe('the key document', () => {
  it('[KEY-13] that we publish is the one that the specification describes', () => {
    expect(document).toEqual({
      server_name: 'a.example',
      verify_keys: {
        'ed25519:1': { key: first.signing.publicKey },
        'ed25519:2': { key: second.signing.publicKey },
      },
      old_verify_keys: { 'ed25519:old': { key: third.signing.publicKey, expired_ts: 5 } },
      valid_until_ts: now + 1_000,
      signatures: {
        'a.example': { 'ed25519:1': expect.any(String), 'ed25519:2': expect.any(String) },
      },
    });
  });

  it('[KEY-4] is read', () => {
    const keys = parseServerKeys(document, server, now);
    expect(keys).toMatchObject({
      ok: true,
      value: { serverName: server, validUntilTs: now + 1_000, trustedUntilTs: now + 1_000 },
    });
    expect(keys.ok && [...keys.value.verifyKeys].map(([id, key]) => [id, key.publicKey])).toEqual([
      ['ed25519:1', first.signing.publicKey],
      ['ed25519:2', second.signing.publicKey],
    ]);
    expect(keys.ok && keys.value.oldVerifyKeys.get('ed25519:old' as KeyId)).toMatchObject({
      expiredTs: 5,
      key: { publicKey: third.signing.publicKey },
    });
  });

  it('[KEY-4] may lack old keys, and list keys that we do not understand', () => {
    const { old_verify_keys: _old, ...rest } = changed({});
    const bare = signJson({ ...rest, signatures: {} }, server, first.signing);
    const keys = parseServerKeys(bare, server, now);
    expect(keys.ok && keys.value.oldVerifyKeys.size).toBe(0);
    const own = { 'ed25519:1': { key: first.signing.publicKey } };
    const strange = changed({ verify_keys: { ...own, 'rsa:1': { pem: '…' }, 'ed25519:a b': 5 } });
    const understood = parseServerKeys(strange, server, now);
    expect(understood.ok && [...understood.value.verifyKeys.keys()]).toEqual(['ed25519:1']);
  });

  const own = { 'ed25519:1': { key: first.signing.publicKey } };
  const many = Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`x:${index}`, {}]));

  it.each<[string, string, JsonValue]>([
    ['KEY-4', 'key document: ', []],
    ['KEY-4', 'key document: ', null],
    ['KEY-4', 'valid_until_ts: ', changed({ valid_until_ts: '5' })],
    ['KEY-4', 'valid_until_ts: ', without('valid_until_ts')],
    ['KEY-4', 'verify_keys: ', without('verify_keys')],
    ['KEY-4', 'verify_keys: ', changed({ verify_keys: [] })],
    ['KEY-4', 'verify_keys: more than 128', changed({ verify_keys: many })],
    ['KEY-4', 'verify_keys["ed25519:1"]: ', changed({ verify_keys: { 'ed25519:1': 'x' } })],
    ['KEY-4', 'verify_keys["ed25519:1"].key: ', changed({ verify_keys: { 'ed25519:1': {} } })],
    [
      'SIG-1',
      'verify_keys["ed25519:1"].key: ',
      changed({ verify_keys: { 'ed25519:1': { key: 'x' } } }),
    ],
    ['KEY-4', 'old_verify_keys: ', changed({ old_verify_keys: 5 })],
    [
      'KEY-4',
      'old_verify_keys["ed25519:x"].expired_ts: ',
      changed({ old_verify_keys: { 'ed25519:x': own['ed25519:1'] } }),
    ],
    ['KEY-5', 'server_name: ', changed({ server_name: 'b.example' })],
    ['KEY-5', 'server_name: ', changed({ server_name: null })],
    ['KEY-6', 'signatures["a.example"]: ', changed({ verify_keys: {} })],
    ['KEY-6', 'signatures["a.example"]: ', without('signatures')],
    [
      'KEY-6',
      'signatures["a.example"]: ',
      signJson({ ...document, signatures: {} }, 'b.example', first.signing),
    ],
    [
      'KEY-7',
      'signatures["a.example"]["ed25519:1"]: ',
      { ...document, valid_until_ts: now + 1_001 },
    ],
    [
      'KEY-7',
      'signatures["a.example"]["ed25519:2"]: ',
      changed({ signatures: { 'a.example': { 'ed25519:2': 'AAAA' } } }),
    ],
  ])('is refused by [%s]: %s', (rule, field, json) => {
    const refusal = parseServerKeys(json, server, now);
    expect(refusal).toMatchObject({ ok: false, rule });
    expect(!refusal.ok && refusal.reason.startsWith(field)).toBe(true);
  });

  it('[KEY-6] is not believed for being signed by an old key or by a key of another name', () => {
    const keys = { 'ed25519:2': { key: second.signing.publicKey } };
    const old = { 'ed25519:1': { key: first.signing.publicKey, expired_ts: 5 } };
    const json = changed({ verify_keys: keys, old_verify_keys: old });
    expect(parseServerKeys(json, server, now)).toMatchObject({ ok: false, rule: 'KEY-6' });
  });

  it('[KEY-5] [KEY-6] [KEY-7] may carry the signature of a notary besides', () => {
    const notarised = signJson(document, 'notary.example', third.signing);
    expect(parseServerKeys(notarised, server, now).ok).toBe(true);
  });

  it('[KEY-14] is trusted for seven days at most', () => {
    const far = changed({ valid_until_ts: now + 100 * KEY_TRUST_MS });
    expect(KEY_TRUST_MS).toBe(604_800_000);
    expect(parseServerKeys(far, server, now)).toMatchObject({
      value: { trustedUntilTs: now + KEY_TRUST_MS, validUntilTs: now + 100 * KEY_TRUST_MS },
    });
  });

  it('[KEY-4] of any content does no harm', () => {
    const samples = [JSON.stringify(document), JSON.stringify(changed({ old_verify_keys: {} }))];
    const pieces = [
      '{',
      '}',
      '"',
      ':',
      'null',
      '5',
      '[]',
      '"ed25519:1"',
      '"__proto__":{},',
      'a',
      '.5',
    ];
    fc.assert(
      fc.property(mutatedText(samples, pieces), (text) => {
        const json = parseJson(text);
        if (!json.ok) return true;
        const keys = parseServerKeys(json.value, server, now);
        return keys.ok || (/^(KEY-[4-7]|SIG-1)$/.test(keys.rule) && /^[^ ].*: ./.test(keys.reason));
      }),
      fuzzParameters(),
    );
  });
});

function without(member: string): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => key !== member));
}
