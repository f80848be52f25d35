import { describe, expect, it } from 'vitest';
import type { KeyId, ServerName } from '../identifiers/brand.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { testKey } from '../testing/test-keys.ts';
import { versionsFrom, versionsThrough } from '../testing/versions.ts';
import { keyForEvent, keyForRequest } from './key-validity.ts';
import { publishServerKeys, type PublishedKeys } from './publish-server-keys.ts';
import { KEY_TRUST_MS, parseServerKeys } from './server-keys.ts';
import type { ServerKeys } from './server-keys.ts';
import { createSigningKey } from './signing-key.ts';

const fetchedAt = 1_700_000_000_000;
const expiredTs = fetchedAt - 5_000;
const [current, old] = [testKey('new'), testKey('old', 2)];

function keysValidUntil(validUntilTs: number): ServerKeys {
  const document = publishServerKeys({
    serverName: 'a.example' as ServerName,
    keys: [current.signing],
    retired: [{ keyId: 'ed25519:old' as KeyId, publicKey: old.signing.publicKey, expiredTs }],
    validUntilTs,
  });
  const keys = parseServerKeys(document, 'a.example' as ServerName, fetchedAt);
  if (!keys.ok) throw new Error(keys.reason);
  return keys.value;
}

const shortLived = keysValidUntil(fetchedAt + 1_000);
const longLived = keysValidUntil(fetchedAt + 10 * KEY_TRUST_MS);

describe('keys for requests', () => {
  it.each<[string, ServerKeys, string, number, string | undefined]>([
    ['before the end', shortLived, 'ed25519:new', fetchedAt, undefined],
    ['at the end', shortLived, 'ed25519:new', fetchedAt + 1_000, undefined],
    ['after the end', shortLived, 'ed25519:new', fetchedAt + 1_001, 'KEY-9'],
    ['within seven days', longLived, 'ed25519:new', fetchedAt + KEY_TRUST_MS, undefined],
    ['after seven days', longLived, 'ed25519:new', fetchedAt + KEY_TRUST_MS + 1, 'KEY-9'],
    ['with an old key, before it expired', longLived, 'ed25519:old', expiredTs - 1, 'KEY-10'],
    ['with an old key, now', longLived, 'ed25519:old', fetchedAt, 'KEY-10'],
    ['with an unknown key', longLived, 'ed25519:x', fetchedAt, 'KEY-8'],
    ['with a name of the prototype', longLived, '__proto__', fetchedAt, 'KEY-8'],
  ])('%s', (_name, keys, keyId, now, rule) => {
    expect(ruleOf(keyForRequest(keys, keyId, now))).toBe(rule);
  });

  it('[KEY-8] [KEY-9] [KEY-10] are those of the document', () => {
    const key = keyForRequest(longLived, 'ed25519:new', fetchedAt);
    expect(key.ok && key.value.publicKey).toBe(current.signing.publicKey);
    expect(keyForRequest(longLived, 'ed25519:old', fetchedAt)).toMatchObject({
      reason: expect.stringMatching(/^ed25519:old: .*a\.example/),
    });
  });
});

describe('keys for events', () => {
  const ruleIn = (
    version: RoomVersionId,
    keys: ServerKeys,
    keyId: string,
    originServerTs: number,
  ) => ruleOf(keyForEvent(keys, keyId, originServerTs, getRoomVersion(version)));

  it.each(versionsThrough('4'))('[KEY-11] are valid for ever in version %s', (version) => {
    expect(ruleIn(version, shortLived, 'ed25519:new', fetchedAt + 1_001)).toBeUndefined();
    expect(ruleIn(version, shortLived, 'ed25519:new', Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  it.each(versionsFrom('5'))(
    '[KEY-11] are valid until valid_until_ts, seven days at most, in version %s',
    (version) => {
      expect(ruleIn(version, shortLived, 'ed25519:new', 0)).toBeUndefined();
      expect(ruleIn(version, shortLived, 'ed25519:new', fetchedAt + 1_000)).toBeUndefined();
      expect(ruleIn(version, shortLived, 'ed25519:new', fetchedAt + 1_001)).toBe('KEY-11');
      const lastMoment = fetchedAt + KEY_TRUST_MS;
      expect(ruleIn(version, longLived, 'ed25519:new', lastMoment)).toBeUndefined();
      expect(ruleIn(version, longLived, 'ed25519:new', lastMoment + 1)).toBe('KEY-11');
    },
  );

  it.each(['1', '4', '5', '12'] as const)(
    '[KEY-12] once retired, are valid for events up to expired_ts in version %s',
    (version) => {
      expect(ruleIn(version, shortLived, 'ed25519:old', 0)).toBeUndefined();
      expect(ruleIn(version, shortLived, 'ed25519:old', expiredTs)).toBeUndefined();
      expect(ruleIn(version, shortLived, 'ed25519:old', expiredTs + 1)).toBe('KEY-12');
    },
  );

  it('[KEY-8] [KEY-11] [KEY-12] are those of the document', () => {
    const rules = getRoomVersion('12');
    const key = keyForEvent(longLived, 'ed25519:new', fetchedAt, rules);
    expect(key.ok && key.value.publicKey).toBe(current.signing.publicKey);
    const retired = keyForEvent(longLived, 'ed25519:old', expiredTs, rules);
    expect(retired.ok && retired.value.publicKey).toBe(old.signing.publicKey);
    expect(ruleIn('12', longLived, 'ed25519:x', fetchedAt)).toBe('KEY-8');
    expect(ruleIn('12', longLived, 'constructor', fetchedAt)).toBe('KEY-8');
  });
});

function ruleOf(result: { readonly ok: boolean; readonly rule?: string }): string | undefined {
  return result.ok ? undefined : result.rule;
}

describe('a key whose secret everybody has', () => {
  /** All zero, as in a file that nobody filled; and what the specification prints. */
  const secrets = [
    new Uint8Array(32),
    Buffer.from('YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1', 'base64'),
    Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'),
  ];
  const v12 = getRoomVersion('12');

  it.each(secrets)('[KEY-15] is valid for nothing (SEC-15): %#', (seed) => {
    const serverName = 'a.example' as ServerName;
    const bad = createSigningKey('bad', seed);
    const { keyId, publicKey } = bad;
    const publish = (keys: PublishedKeys) => {
      const parsed = parseServerKeys(publishServerKeys(keys), serverName, fetchedAt);
      if (!parsed.ok) throw new Error(parsed.reason);
      return parsed.value;
    };
    const validUntilTs = fetchedAt + 1_000;
    const now = publish({ serverName, keys: [bad], retired: [], validUntilTs });
    const retired = [{ keyId, publicKey, expiredTs }];
    const before = publish({ serverName, keys: [current.signing], retired, validUntilTs });
    expect(ruleOf(keyForRequest(now, keyId, fetchedAt))).toBe('KEY-15');
    expect(ruleOf(keyForEvent(now, keyId, fetchedAt, v12))).toBe('KEY-15');
    expect(ruleOf(keyForEvent(before, keyId, expiredTs, v12))).toBe('KEY-15');
  });
});
