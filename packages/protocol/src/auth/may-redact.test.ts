import { describe, expect, it } from 'vitest';
import { parsePdu } from '../events/parse-pdu.ts';
import type { Pdu } from '../events/pdu.ts';
import type { RoomId, UserId } from '../identifiers/brand.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionId } from '../room-versions/rules.ts';
import { sampleEvent, sampleEventId } from '../testing/sample-event.ts';
import { versionsFrom, versionsThrough } from '../testing/versions.ts';
import { mayRedact } from './may-redact.ts';
import type { RedactionLevels } from './may-redact.ts';

function pduBy(sender: string, version: RoomVersionId, redacts?: Pdu): Pdu {
  const rules = getRoomVersion(version);
  const template = {
    sender: sender as UserId,
    ...(redacts === undefined ? {} : { type: 'm.room.redaction', redacts: redacts.eventId }),
  };
  const pdu = parsePdu(sampleEvent(rules, template), rules);
  if (!pdu.ok) throw new Error(pdu.reason);
  return pdu.value;
}

function levels(ofEverybody: number | bigint, redact: number | bigint): RedactionLevels {
  return { user: () => ofEverybody, redact };
}

interface Case {
  readonly by: string;
  readonly of: string;
  readonly power?: RedactionLevels;
}

function takesEffect(version: RoomVersionId, { by, of, power = levels(0, 50) }: Case): boolean {
  const target = pduBy(of, version);
  return mayRedact(pduBy(by, version, target), target, power, getRoomVersion(version));
}

const STRANGERS = { by: '@mallory:a.example', of: '@alice:b.example' };

describe('mayRedact', () => {
  it.each(versionsFrom('3'))('[RED-14] asks for the redact level, version %s', (version) => {
    expect(takesEffect(version, { ...STRANGERS, power: levels(50, 50) })).toBe(true);
    expect(takesEffect(version, { ...STRANGERS, power: levels(49, 50) })).toBe(false);
    expect(takesEffect(version, { ...STRANGERS, power: levels(Infinity, 2n ** 60n) })).toBe(true);
    expect(takesEffect(version, { ...STRANGERS, power: levels(50, 2n ** 60n) })).toBe(false);
  });

  it.each(versionsFrom('3'))('[RED-15] trusts a server with its own, version %s', (version) => {
    expect(takesEffect(version, { by: '@a:a.example', of: '@b:a.example' })).toBe(true);
    expect(takesEffect(version, { by: '@a:a.example', of: '@b:A.example' })).toBe(false);
    expect(takesEffect(version, { by: '@a:a.example', of: '@b:a.example:8448' })).toBe(false);
  });

  it.each(versionsThrough('2'))('[RED-16] leaves it to authorisation, version %s', (version) => {
    expect(takesEffect(version, STRANGERS)).toBe(true);
  });

  it('[RED-17] touches only what is named, in the same room', () => {
    for (const version of ['1', '3', '11', '12'] as const) {
      const rules = getRoomVersion(version);
      const all = levels(100, 50);
      const target = pduBy('@a:a.example', version);
      const redaction = pduBy('@a:a.example', version, target);
      const other = { ...target, eventId: sampleEventId(rules, 9) };
      const elsewhere = { ...target, roomId: '!elsewhere:a.example' as RoomId };
      expect(mayRedact(redaction, target, all, rules)).toBe(true);
      expect(mayRedact(redaction, other, all, rules)).toBe(false);
      expect(mayRedact(redaction, elsewhere, all, rules)).toBe(false);
      expect(mayRedact({ ...redaction, redacts: undefined }, target, all, rules)).toBe(false);
    }
  });
});
