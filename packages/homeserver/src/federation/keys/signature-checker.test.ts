import {
  createSigningKey,
  getRoomVersion,
  hashAndSignEvent,
  parsePdu,
  signEvent,
} from '@hansa/protocol';
import type { JsonObject, KeyId, Pdu, ServerName, SigningKey } from '@hansa/protocol';
import { sampleEvent, without } from '@hansa/protocol/testing/sample-event';
import { verifyKeyOf } from '@hansa/protocol/testing/test-keys';
import { describe, expect, it } from 'vitest';
import type { KeyAnswer } from './key-ring.ts';
import { createSignatureChecker } from './signature-checker.ts';

const v10 = getRoomVersion('10');
const key = (version: string, fill: number) =>
  createSigningKey(version, new Uint8Array(32).fill(fill));
const good = key('good', 1);
const other = key('other', 2);
const gone = key('gone', 3);

/** Signed by these keys of these servers. */
function pdu(signers: readonly (readonly [string, SigningKey])[], content?: JsonObject): Pdu {
  const [[first, firstKey] = ['', good], ...others] = signers;
  const member = { type: 'm.room.member', stateKey: '@alice:example.org', content: content ?? {} };
  const unsigned = without(sampleEvent(v10, content === undefined ? {} : member), 'signatures');
  const signed = others.reduce(
    (event, [server, by]) => signEvent(event, v10, server, by),
    hashAndSignEvent(unsigned, v10, first, firstKey),
  );
  const parsed = parsePdu(signed, v10);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

const answers = new Map<string, KeyAnswer>([
  ['example.org ed25519:good', { ok: true, value: verifyKeyOf(good.publicKey) }],
  ['example.org ed25519:gone', { ok: 'unavailable', reason: 'down' }],
  ['other.test ed25519:good', { ok: true, value: verifyKeyOf(good.publicKey) }],
]);
const checker = createSignatureChecker({
  findEventKey: async (server: ServerName, keyId: KeyId) =>
    answers.get(`${server} ${keyId}`) ?? { ok: false, rule: 'KEY-8', reason: 'unknown' },
});

const joinBy = { membership: 'join', join_authorised_via_users_server: '@bob:other.test' };

describe('the signature check', () => {
  it.each<[string, Pdu, Awaited<ReturnType<typeof checker.check>>['ok']]>([
    ['its sender’s server', pdu([['example.org', good]]), true],
    ['another server alone', pdu([['other.test', good]]), false],
    ['an unknown key', pdu([['example.org', other]]), false],
    [
      'a known and an unknown key',
      pdu([
        ['example.org', good],
        ['example.org', other],
      ]),
      true,
    ],
    ['a key that cannot be had now', pdu([['example.org', gone]]), 'unavailable'],
    [
      'a known key and one that cannot be had',
      pdu([
        ['example.org', good],
        ['example.org', gone],
      ]),
      true,
    ],
    ['the joining, not the authorising server', pdu([['example.org', good]], joinBy), false],
    [
      'both',
      pdu(
        [
          ['example.org', good],
          ['other.test', good],
        ],
        joinBy,
      ),
      true,
    ],
  ])('of an event signed by %s', async (_who, event, ok) => {
    expect(await checker.check(event)).toMatchObject({ ok });
  });

  it('refuses an event that was changed', async () => {
    const event = pdu([['example.org', good]]);
    const changed = { ...event, json: { ...event.json, depth: 8 } };
    expect(await checker.check(changed)).toMatchObject({ ok: false });
  });
});
