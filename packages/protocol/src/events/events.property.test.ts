import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserId } from '../identifiers/brand.ts';
import { isObject, member } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { hashAndSignEvent } from '../signing/sign-event.ts';
import { createSigningKey } from '../signing/signing-key.ts';
import { verifyEventSignature } from '../signing/verify-event.ts';
import { parseVerifyKey } from '../signing/verify-key.ts';
import { strictJsonValues } from '../testing/json-values.ts';
import { mutatedJson } from '../testing/mutated-json.ts';
import { fuzzParameters, propertyParameters } from '../testing/runs.ts';
import { sampleEvent, sampleEventId, without } from '../testing/sample-event.ts';
import { allVersions } from '../testing/versions.ts';
import { toClientEvent } from './client-event.ts';
import { eventIdOf } from './event-id-of.ts';
import { parsePdu } from './parse-pdu.ts';
import { redactPdu } from './redact-pdu.ts';
import { redact } from './redact.ts';
import { requiredSignatures } from './required-signatures.ts';
import { strippedState } from './stripped-state.ts';

const anyRules = fc.constantFrom(...allVersions.map(getRoomVersion));

const levels = { '@alice:example.org': 100, '@bob:example.org': 50 };

/** An event of each type that redaction or signing treats in its own way. */
function samplesOf(rules: RoomVersionRules): readonly JsonObject[] {
  const stateOf = (type: string, state_key: string, content: JsonObject): JsonObject =>
    sampleEvent(rules, {}, { type, state_key, content });
  const create = stateOf('m.room.create', '', { creator: '@a:b', room_version: rules.id });
  const target = sampleEventId(rules, 4);
  return [
    sampleEvent(rules),
    rules.roomIdFormat === 'create-event-hash' ? without(create, 'room_id') : create,
    stateOf('m.room.member', '@bob:example.org', {
      membership: 'invite',
      displayname: 'Bob',
      third_party_invite: { display_name: 'b', signed: { mxid: '@bob:example.org', token: 'a' } },
    }),
    stateOf('m.room.member', '@alice:example.org', {
      membership: 'join',
      join_authorised_via_users_server: '@carol:c.example',
    }),
    stateOf('m.room.power_levels', '', { users: levels, invite: 0, notifications: { room: 50 } }),
    stateOf('m.room.join_rules', '', { join_rule: 'restricted', allow: [{ room_id: '!a:b' }] }),
    stateOf('m.room.aliases', 'example.org', { aliases: ['#a:example.org'] }),
    stateOf('m.room.history_visibility', '', { history_visibility: 'shared' }),
    sampleEvent(rules, { type: 'm.room.redaction', content: { reason: 'x' }, redacts: target }),
  ];
}

const eventsWithRules = anyRules.chain((rules) =>
  fc.tuple(mutatedJson(samplesOf(rules)), fc.constant(rules)),
);

/** Events that pass the first check, with any content and any keys of their own. */
const validEvents = anyRules.chain((rules) =>
  fc
    .tuple(
      fc.constantFrom(...samplesOf(rules)),
      fc.oneof(strictJsonValues.filter(isObject), fc.constant<JsonObject>({})),
      fc.option(strictJsonValues, { nil: undefined }),
    )
    .map(([sample, more, custom]) => {
      const content = member(sample, 'content');
      const json = {
        ...sample,
        content: { ...more, ...(isObject(content) ? content : {}) },
        ...(custom === undefined ? {} : { 'm.custom': custom }),
      };
      return [json, rules] as const;
    }),
);

/** What of the event a reason speaks of, by rule. */
const FIELD_OF_RULE: ReadonlyMap<string, RegExp> = new Map([
  ['EV-1.1', /^type is /],
  ['EV-1.2', /^state_key is /],
  ['EV-1.3', /^sender is /],
  ['EV-1.4', /^content is /],
  ['EV-1.5', /^origin_server_ts is /],
  ['EV-1.6', /^depth is /],
  ['EV-1.7', /^hashes is /],
  ['EV-1.8', /^signatures is /],
  ['EV-1.9', /^room_id is /],
  ['EV-1.10', /^join_authorised_via_users_server is /],
  ['EV-2.1', /^event_id is /],
  ['EV-2.2', /^event_id stands /],
  ['EV-3.1', /^auth_events is /],
  ['EV-3.2', /^prev_events is /],
  ['EV-4.1', /^\S.* is no integer/s],
  ['EV-4.2', /^(?!top level)\S.* cannot be written/s],
  ['SIZE-1', /^the event is \d+ bytes long/],
  ['SIZE-2', /^type is over/],
  ['SIZE-3', /^state_key is over/],
  ['SIZE-4', /^\d+ prev_events/],
  ['SIZE-5', /^\d+ auth_events/],
  ['AUTH-1.2', /^a create event has a room_id/],
]);

describe('events of any shape', () => {
  it('[EV-6.2] never make the first check throw, nor what reads its result (SEC-10)', () => {
    let taken = 0;
    fc.assert(
      fc.property(eventsWithRules, ([json, rules]) => {
        const before = Object.entries(json);
        const pdu = parsePdu(json, rules);
        expect(Object.entries(json)).toEqual(before);
        const faultless = pdu.ok || FIELD_OF_RULE.get(pdu.rule)?.test(pdu.reason);
        expect(faultless === true ? '' : pdu).toBe('');
        if (!pdu.ok) return;
        taken += 1;
        requiredSignatures(pdu.value);
        toClientEvent(pdu.value);
        if (pdu.value.stateKey !== undefined) strippedState(pdu.value);
      }),
      fuzzParameters(),
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('[RED-12] are redacted once and for all', () => {
    fc.assert(
      fc.property(eventsWithRules, ([json, rules]) => {
        const once = redact(json, rules);
        expect(redact(once, rules)).toEqual(once);
      }),
      propertyParameters(),
    );
  });

  it('[RED-13] keep id, place and signatures through redaction', () => {
    const key = createSigningKey('1', new Uint8Array(32).fill(3));
    const verifyKey = parseVerifyKey(key.publicKey);
    if (!verifyKey.ok) throw new Error(verifyKey.reason);
    fc.assert(
      fc.property(validEvents, ([json, rules]) => {
        const signed = hashAndSignEvent(json, rules, 'example.org', key);
        const pdu = parsePdu(signed, rules);
        if (!pdu.ok) throw new Error(pdu.reason);
        const redacted = redactPdu(pdu.value);
        expect(parsePdu(redacted.json, rules)).toEqual({ ok: true, value: redacted });
        expect([redacted.eventId, redacted.roomId]).toEqual([pdu.value.eventId, pdu.value.roomId]);
        for (const form of [signed, redacted.json]) {
          const verdict = verifyEventSignature(
            form,
            rules,
            'example.org',
            key.keyId,
            verifyKey.value,
          );
          expect(verdict).toEqual({ ok: true });
        }
      }),
      propertyParameters(),
    );
  });

  it('[EV-6.2] are taken again as the same once they are taken', () => {
    fc.assert(
      fc.property(validEvents, ([json, rules]) => {
        const pdu = parsePdu({ ...json, unsigned: { age: 1 } }, rules);
        expect(pdu).toEqual(parsePdu(json, rules));
        expect(pdu).toEqual(pdu.ok && parsePdu(pdu.value.json, rules));
      }),
      propertyParameters(),
    );
  });

  it('[EV-2.3] have different ids when what redaction keeps of them differs', () => {
    const rules = getRoomVersion('11');
    fc.assert(
      fc.property(fc.emailAddress(), fc.emailAddress(), (one, other) => {
        const idOf = (name: string) =>
          eventIdOf(sampleEvent(rules, { sender: `@${name}:b` as UserId }), rules);
        expect(one === other).toBe(JSON.stringify(idOf(one)) === JSON.stringify(idOf(other)));
      }),
      propertyParameters(),
    );
  });
});
