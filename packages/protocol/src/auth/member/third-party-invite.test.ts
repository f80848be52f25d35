import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { isObject, type JsonObject, type JsonValue, member } from '../../json/value.ts';
import type { RoomVersionId } from '../../room-versions/rules.ts';
import { createSigningKey, type SigningKey } from '../../signing/signing-key.ts';
import { signJson } from '../../signing/sign-json.ts';
import { countedJson } from '../../testing/counted.ts';
import { judge, judgeByState } from '../../testing/judge.ts';
import { type RoomBuilder, userId } from '../../testing/room-builder.ts';
import { standardRoom } from '../../testing/standard-room.ts';
import { allVersions } from '../../testing/versions.ts';
import { THIRD_PARTY_MAX_VERIFICATIONS } from './third-party-signature.ts';

const IDENTITY_SERVER = 'identity.example';
const key = createSigningKey('0', Buffer.alloc(32, 1));
const otherKey = createSigningKey('0', Buffer.alloc(32, 2));
const token = 'abc123';
const dave = userId('dave');
const claim = { mxid: dave, token };

/** Room in which mod has invited somebody by an address, to be vouched for by `key`. */
function roomWithPromise(
  version: RoomVersionId,
  content: JsonObject = { public_key: key.publicKey },
): RoomBuilder {
  const room = standardRoom(version);
  room.state('mod', 'm.room.third_party_invite', token, content, { name: 'promise' });
  return room;
}

function signedBy(by: SigningKey, object: JsonObject = claim): JsonObject {
  return signJson(object, IDENTITY_SERVER, by);
}

function inviteWith(third_party_invite: JsonValue, sender = 'mod') {
  const content = { membership: 'invite', third_party_invite };
  return { type: 'm.room.member', sender, stateKey: dave, content };
}

function verdictOn(room: RoomBuilder, signed: JsonValue): string {
  return judge(room, inviteWith({ display_name: 'd…@…', signed }));
}

describe('an invite by address', () => {
  it.each(allVersions)('[AUTH-5.4.1.7] version %s: the right signature allows it', (version) => {
    expect(verdictOn(roomWithPromise(version), signedBy(key))).toBe('allowed');
  });

  it.each(allVersions)('[AUTH-5.4.1.8] version %s: another key does not', (version) => {
    expect(verdictOn(roomWithPromise(version), signedBy(otherKey))).toBe('AUTH-5.4.1.8');
  });

  it.each(allVersions)(
    '[AUTH-5.4.1] version %s: nothing else is asked of its sender',
    (version) => {
      const room = roomWithPromise(version);
      room.powerLevels('alice', { invite: 100 });
      room.leave('mod');
      expect(verdictOn(room, signedBy(key))).toBe('allowed');
      room.join('dave');
      expect(verdictOn(room, signedBy(key))).toBe('allowed');
    },
  );

  it.each(allVersions)('[AUTH-5.4.1.1] version %s: it is not for the banned', (version) => {
    const room = roomWithPromise(version);
    room.ban('alice', 'dave');
    expect(verdictOn(room, signedBy(key))).toBe('AUTH-5.4.1.1');
  });

  it.each(allVersions)('[AUTH-5.4.1.2] version %s: it has something signed', (version) => {
    const room = roomWithPromise(version);
    for (const invite of [null, 'x', [], {}, { signed: null }, { signed: [] }, { signed: 'x' }]) {
      expect(judge(room, inviteWith(invite))).toBe('AUTH-5.4.1.2');
    }
  });

  it.each(allVersions)('[AUTH-5.4.1.3] version %s: of a user and a token', (version) => {
    const room = roomWithPromise(version);
    for (const part of [{ mxid: dave }, { token }, { mxid: 1, token }, { mxid: dave, token: {} }]) {
      expect(verdictOn(room, signedBy(key, part))).toBe('AUTH-5.4.1.3');
    }
  });

  it.each(allVersions)('[AUTH-5.4.1.4] version %s: for the user invited', (version) => {
    const signed = signedBy(key, { mxid: userId('erin'), token });
    expect(verdictOn(roomWithPromise(version), signed)).toBe('AUTH-5.4.1.4');
  });

  it.each(allVersions)('[AUTH-5.4.1.5] version %s: with a token of this room', (version) => {
    const signed = signedBy(key, { mxid: dave, token: 'other' });
    expect(verdictOn(roomWithPromise(version), signed)).toBe('AUTH-5.4.1.5');
    expect(verdictOn(standardRoom(version), signedBy(key))).toBe('AUTH-5.4.1.5');
  });

  it.each(allVersions)('[AUTH-5.4.1.6] version %s: from who promised it', (version) => {
    const room = roomWithPromise(version);
    expect(judge(room, inviteWith({ signed: signedBy(key) }, 'alice'))).toBe('AUTH-5.4.1.6');
  });
});

describe('keys of the m.room.third_party_invite', () => {
  const urlSafe = Buffer.from(key.publicKey, 'base64').toString('base64url');

  it.each<[string, JsonObject]>([
    ['the single one', { public_key: key.publicKey }],
    ['one in the other alphabet', { public_key: urlSafe }],
    ['one with padding', { public_key: `${key.publicKey}=` }],
    ['one of the list', { public_keys: [{ public_key: key.publicKey }] }],
    [
      'the last of the list',
      {
        public_key: otherKey.publicKey,
        public_keys: [null, 'x', {}, { public_key: 1 }, { public_key: key.publicKey }],
      },
    ],
    ['the single one beside a broken list', { public_key: key.publicKey, public_keys: 'x' }],
  ])('[AUTH-5.4.1.7] %s counts', (_, content) => {
    expect(verdictOn(roomWithPromise('12', content), signedBy(key))).toBe('allowed');
  });

  it.each<[string, JsonObject]>([
    ['none', {}],
    ['an empty list', { public_keys: [] }],
    ['bare text in the list', { public_keys: [key.publicKey] }],
    ['a single one that is no text', { public_key: [key.publicKey] }],
    ['something shorter than a key', { public_key: key.publicKey.slice(0, 40) }],
    ['something that is no Base64', { public_key: '!'.repeat(43) }],
    ['zeros', { public_key: 'A'.repeat(43) }],
  ])('[AUTH-5.4.1.8] %s vouches for nobody', (_, content) => {
    expect(verdictOn(roomWithPromise('12', content), signedBy(key))).toBe('AUTH-5.4.1.8');
  });
});

describe('signatures of an invite by address', () => {
  const room = roomWithPromise('12');
  const signature = signatureOf(signedBy(key));

  it('[AUTH-5.4.1.7] any of them may be the one, whosever it says it is', () => {
    const signatures = {
      first: null,
      second: { 'ed25519:0': 'AAAA', 'ed25519:1': 7 },
      third: { 'ed25519:x': signature },
    };
    expect(verdictOn(room, { ...claim, signatures })).toBe('allowed');
  });

  it('[AUTH-5.4.1.7] unsigned is not covered', () => {
    expect(verdictOn(room, { ...signedBy(key), unsigned: { age: 1 } })).toBe('allowed');
  });

  it.each<[string, JsonValue | undefined]>([
    ['absent', undefined],
    ['null', null],
    ['text', signature],
    ['a list', [signature]],
    ['empty', {}],
    ['flat', { 'ed25519:0': signature }],
    ['of another algorithm', { [IDENTITY_SERVER]: { 'rsa:0': signature } }],
    ['cut', { [IDENTITY_SERVER]: { 'ed25519:0': signature.slice(0, -2) } }],
    ['under __proto__, and of nothing', Object.fromEntries([['__proto__', null]])],
  ])('[AUTH-5.4.1.8] %s, they vouch for nobody', (_, signatures) => {
    const signed = signatures === undefined ? claim : { ...claim, signatures };
    expect(verdictOn(room, signed)).toBe('AUTH-5.4.1.8');
  });

  it('[AUTH-5.4.1.8] what was signed is what is said', () => {
    expect(verdictOn(room, { ...signedBy(key), sender: 'somebody' })).toBe('AUTH-5.4.1.8');
  });

  it('[AUTH-5.4.1.8] only so many are tried, in whatever order they come', () => {
    const junk = (count: number) =>
      Array.from({ length: count }, (_, n) => [`ed25519:junk${n}`, signature.replace(/^./, 'A')]);
    const withJunk = (count: number, honest: 'first' | 'last') => {
      const entries = junk(count);
      entries[honest === 'first' ? 'unshift' : 'push'](['ed25519:0', signature]);
      return { ...claim, signatures: { [IDENTITY_SERVER]: Object.fromEntries(entries) } };
    };
    for (const place of ['first', 'last'] as const) {
      const most = THIRD_PARTY_MAX_VERIFICATIONS;
      expect(verdictOn(room, withJunk(most - 1, place))).toBe('allowed');
      expect(verdictOn(room, withJunk(most, place))).toBe('AUTH-5.4.1.8');
    }
  });
});

it('[AUTH-5.4.1.7] what an invite says of a promise is verified once', () => {
  const room = standardRoom('12');
  const work = { steps: 0 };
  const keys = countedJson<JsonObject>({ public_key: key.publicKey }, work);
  const promised = room.state('mod', 'm.room.third_party_invite', token, keys, { name: 'p' });
  const invite = room.build(inviteWith({ signed: signedBy(key) }));
  work.steps = 0;
  expect(judgeByState(room, invite, room.stateAfter())).toBe('allowed');
  expect(work.steps).toBeGreaterThan(0);
  work.steps = 0;
  expect(judgeByState(room, invite, room.stateAfter())).toBe('allowed');
  expect(work.steps).toBe(0);
  // Another promise is another question.
  const other = { ...promised, content: { public_key: otherKey.publicKey } };
  const state = room.stateAfter().clone();
  state.set('m.room.third_party_invite', token, other);
  expect(judgeByState(room, invite, state)).toBe('AUTH-5.4.1.8');
});

function signatureOf(signed: JsonObject): string {
  const all = member(signed, 'signatures');
  const ofServer = isObject(all) ? member(all, IDENTITY_SERVER) : undefined;
  const signature = isObject(ofServer) ? member(ofServer, key.keyId) : undefined;
  if (typeof signature !== 'string') throw new TypeError('no signature was made');
  return signature;
}
