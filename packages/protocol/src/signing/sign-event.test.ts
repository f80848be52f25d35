import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkContentHash, contentHash } from '../events/content-hash.ts';
import { redact } from '../events/redact.ts';
import { referenceHash } from '../events/reference-hash.ts';
import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { parseJson } from '../json/parse.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { sampleEvent } from '../testing/sample-event.ts';
import { sharedVectors } from '../testing/shared.ts';
import { testKey, verifyKeyOf } from '../testing/test-keys.ts';
import { allVersions } from '../testing/versions.ts';
import { hashAndSignEvent, signEvent } from './sign-event.ts';
import { createSigningKey } from './signing-key.ts';
import { listSigningKeyIds, verifyEventSignatures } from './verify-event-signatures.ts';
import { verifyEventSignature } from './verify-event.ts';

const appendix = sharedVectors('matrix/appendix.json');

interface EventCases {
  readonly seed: string;
  readonly serverName: string;
  readonly eventSigning: readonly {
    readonly roomVersion: RoomVersionId;
    readonly input: JsonObject;
    readonly signed: JsonObject;
  }[];
}

describe.skipIf(appendix.missing)('the examples of the specification', () => {
  it('[SIG-14] get the hashes and signatures that are printed there (SEC-18)', () => {
    const cases = JSON.parse(readFileSync(appendix.path, 'utf8')) as EventCases;
    const key = createSigningKey('1', decodeBase64(cases.seed) ?? new Uint8Array());
    expect(cases.eventSigning).toHaveLength(2);
    for (const { roomVersion, input, signed } of cases.eventSigning) {
      const rules = getRoomVersion(roomVersion);
      expect(hashAndSignEvent(input, rules, cases.serverName, key)).toEqual(signed);
      expect(checkContentHash(signed)).toEqual({ ok: true });
    }
  });
});

describe('events of other implementations', () => {
  // Made by ruma-signatures for the tests of tuwunel (Apache-2.0).
  const key = verifyKeyOf('A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg');

  it.each<[RoomVersionId, string, string]>([
    [
      '11',
      '!room:example.org',
      'AynAOxHA72aZYbs4Z4c95GmdxScj3+YiXMVR1mXODWuqrAdAZmxyC+YhHDRArmlTwRDtYK09JaCcEXIKJBg9Bg',
    ],
    [
      '12',
      '!L58ME6ufiP49v97UIOBIpvWKEgj4912JmECPuDzlvCI',
      'd3m1x5FZ3lWIzi5OZL99A4HXi1oeXjuZI637IOwRTEqt0jP8Xg1B6Oj8/gluUYx8fsA3ixIVQBQdeAALlWx0Ag',
    ],
  ])('[SIG-14] verify in version %s', (version, roomId, signature) => {
    const event: JsonObject = {
      auth_events: ['$auth1', '$auth2'],
      content: { body: 'hello world', msgtype: 'm.text' },
      depth: 5,
      hashes: { sha256: 'thishashdoesnotmatterforsigningXXXXXXXXXXXX' },
      origin_server_ts: 1_784_951_466_194,
      prev_events: ['$prev1'],
      room_id: roomId,
      sender: '@alice:origin.example.org',
      signatures: { 'policy.example.org': { 'ed25519:policy_server': signature } },
      type: 'm.room.message',
      unsigned: { age_ts: 1_784_951_466_194 },
    };
    const rules = getRoomVersion(version);
    const verify = (json: JsonObject) =>
      verifyEventSignature(json, rules, 'policy.example.org', 'ed25519:policy_server', key);
    expect(verify(event)).toEqual({ ok: true });
    expect(verify({ ...event, depth: 6 })).toMatchObject({ ok: false, rule: 'SIG-6' });
  });
});

describe.each(allVersions)('an event of version %s', (version) => {
  const rules = getRoomVersion(version);
  const { signing, verify } = testKey('1');
  const event = hashAndSignEvent(sampleEvent(rules), rules, 'example.org', signing);
  const verifies = (json: JsonObject): boolean =>
    verifyEventSignature(json, rules, 'example.org', 'ed25519:1', verify).ok;

  it('[SIG-14] [SIG-15] verifies whole and redacted, with any content', () => {
    expect(verifies(event)).toBe(true);
    expect(verifies(redact(event, rules))).toBe(true);
    expect(verifies({ ...event, content: { body: 'changed' }, unsigned: { age: 1 } })).toBe(true);
  });

  it.each([
    'sender',
    'room_id',
    'type',
    'depth',
    'prev_events',
    'auth_events',
    'hashes',
    'origin_server_ts',
  ])('[SIG-15] is signed with its %s', (field) => {
    expect(verifies({ ...event, [field]: 'other' })).toBe(false);
  });

  it('[SIG-9] has a content hash over all but unsigned, signatures and hashes', () => {
    expect(checkContentHash(event)).toEqual({ ok: true });
    expect(checkContentHash({ ...event, unsigned: {}, signatures: {} })).toEqual({ ok: true });
    for (const changed of [
      { ...event, content: { body: 'other' } },
      { ...event, depth: 8 },
      { ...event, more: null },
      redact(event, rules),
    ]) {
      expect(checkContentHash(changed)).toMatchObject({ ok: false, rule: 'SIG-9' });
    }
  });

  it('[SIG-16] has a reference hash over what redaction keeps, hashes included', () => {
    const hash = encodeBase64(referenceHash(event, rules));
    const same = [redact(event, rules), { ...event, signatures: {} }, { ...event, unsigned: {} }];
    for (const json of same) expect(encodeBase64(referenceHash(json, rules))).toBe(hash);
    const other = { ...event, hashes: { sha256: 'abc' } };
    expect(encodeBase64(referenceHash(other, rules))).not.toBe(hash);
  });

  it('[SIG-14] gets a second signature without a change to the rest', () => {
    const { signatures, ...rest } = signEvent(event, rules, 'b.example', testKey('2', 2).signing);
    expect({ ...rest, signatures: event['signatures'] }).toEqual(event);
    expect(Object.keys(signatures as JsonObject)).toEqual(['example.org', 'b.example']);
  });
});

describe('content hash', () => {
  const event: JsonObject = { type: 'a', content: {} };

  it.each<[JsonValue]>([
    [null],
    ['x'],
    [{}],
    [{ sha256: 5 }],
    [{ sha256: 'a b' }],
    [{ sha256: '' }],
    [{ sha1: encodeBase64(contentHash(event)) }],
  ])('[SIG-9] is not %j', (hashes) => {
    const refusal = checkContentHash({ ...event, hashes });
    expect(refusal).toMatchObject({
      ok: false,
      rule: 'SIG-9',
      reason: expect.stringMatching(/^hashes\.sha256: /),
    });
  });

  it('[SIG-9] is compared as bytes: padding and alphabet do not matter', () => {
    const sha256 = encodeBase64(contentHash(event));
    const urlSafe = sha256.replaceAll('+', '-').replaceAll('/', '_');
    for (const text of [sha256, `${sha256}=`, urlSafe]) {
      expect(checkContentHash({ ...event, hashes: { sha256: text } })).toEqual({ ok: true });
    }
  });

  it('[SIG-9] sees numbers that JavaScript would round', () => {
    const hashOf = (text: string): string => {
      const value = parseJson(text);
      if (!value.ok) throw new Error(value.reason);
      return encodeBase64(contentHash(value.value as JsonObject));
    };
    expect(hashOf('{"depth":9007199254740993}')).not.toBe(hashOf('{"depth":9007199254740992}'));
    expect(hashOf('{"a":1.0}')).not.toBe(hashOf('{"a":1}'));
  });
});

describe('signatures of an entity', () => {
  const rules = getRoomVersion('10');
  const [first, second] = [testKey('1'), testKey('2', 2)];
  const signedTwice = signEvent(
    hashAndSignEvent(sampleEvent(rules), rules, 'example.org', first.signing),
    rules,
    'example.org',
    second.signing,
  );
  const verifyWith = (json: JsonObject, keys: Readonly<Record<string, typeof first.verify>>) =>
    verifyEventSignatures(json, rules, 'example.org', (keyId) => keys[keyId]);

  it('[SIG-8] suffice when one is by a known key, and all by known keys verify', () => {
    expect(verifyWith(signedTwice, { 'ed25519:1': first.verify })).toEqual({ ok: true });
    expect(verifyWith(signedTwice, { 'ed25519:2': second.verify })).toEqual({ ok: true });
    const both = { 'ed25519:1': first.verify, 'ed25519:2': second.verify };
    expect(verifyWith(signedTwice, both)).toEqual({ ok: true });
    const wrong = { 'ed25519:1': first.verify, 'ed25519:2': first.verify };
    expect(verifyWith(signedTwice, wrong)).toMatchObject({ ok: false, rule: 'SIG-6' });
    expect(verifyWith(signedTwice, {})).toMatchObject({ ok: false, rule: 'SIG-8' });
  });

  it('[SIG-2] of other algorithms or without a key id are passed over', () => {
    const json = { signatures: { 'example.org': { 'rsa:1': 'x', 'ed25519:a b': 'x', x: 'y' } } };
    expect(verifyWith(json, {})).toMatchObject({
      ok: false,
      rule: 'SIG-2',
      reason: expect.stringMatching(/^signatures\["example\.org"\]: /),
    });
    expect(listSigningKeyIds(signedTwice, 'example.org')).toEqual({
      ok: true,
      value: ['ed25519:1', 'ed25519:2'],
    });
  });

  it('[SIG-7] are at most sixteen', () => {
    const ids = Array.from({ length: 17 }, (_, index) => [`ed25519:${index}`, 'x'] as const);
    const json = { signatures: { 'example.org': Object.fromEntries(ids) } };
    expect(verifyWith(json, {})).toMatchObject({ ok: false, rule: 'SIG-7' });
    const fewer = { signatures: { 'example.org': Object.fromEntries(ids.slice(1)) } };
    expect(listSigningKeyIds(fewer, 'example.org').ok).toBe(true);
  });
});
