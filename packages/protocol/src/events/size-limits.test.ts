import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../json/canonical.ts';
import { isObject } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import { getRoomVersion } from '../room-versions/index.ts';
import { looseJsonValues } from '../testing/json-values.ts';
import { propertyParameters } from '../testing/runs.ts';
import { sampleEvent, sampleEventId } from '../testing/sample-event.ts';
import { allVersions } from '../testing/versions.ts';
import { canonicalSizeBytes } from './canonical-size.ts';
import { parsePdu } from './parse-pdu.ts';
import { EVENT_MAX_BYTES } from './size-limits.ts';

function sizeOf(json: JsonObject): number {
  return Buffer.byteLength(canonicalJson(json));
}

describe('size limits', () => {
  it.each(allVersions)('[SIZE-1] count the federation form in version %s', (version) => {
    const rules = getRoomVersion(version);
    const withBody = (body: string): JsonObject => sampleEvent(rules, { content: { body } });
    const room = EVENT_MAX_BYTES - sizeOf(withBody(''));
    for (const [unit, bytes] of [
      ['a', 1],
      ['é', 2],
      ['"', 2],
      ['\u0001', 6],
      ['😀', 4],
    ] as const) {
      const full = unit.repeat(Math.floor(room / bytes)) + 'a'.repeat(room % bytes);
      expect(sizeOf(withBody(full))).toBe(EVENT_MAX_BYTES);
      expect(parsePdu(withBody(full), rules).ok).toBe(true);
      expect(parsePdu(withBody(`${full}a`), rules)).toMatchObject({ rule: 'SIZE-1' });
    }
  });

  it('[SIZE-1] count signatures, and not unsigned', () => {
    const rules = getRoomVersion('12');
    const large = 'a'.repeat(EVENT_MAX_BYTES);
    const signed = sampleEvent(rules, {}, { signatures: { 'a.b': { 'ed25519:1': large } } });
    expect(parsePdu(signed, rules)).toMatchObject({ rule: 'SIZE-1' });
    expect(parsePdu(sampleEvent(rules, {}, { unsigned: { large } }), rules).ok).toBe(true);
  });

  it.each([
    ['type', 'SIZE-2'],
    ['state_key', 'SIZE-3'],
  ])('[SIZE-2] [SIZE-3] count bytes of %s', (key, rule) => {
    for (const version of allVersions) {
      const rules = getRoomVersion(version);
      const parse = (text: string) => parsePdu(sampleEvent(rules, {}, { [key]: text }), rules);
      expect(parse('a'.repeat(255)).ok).toBe(true);
      expect(parse(`${'é'.repeat(127)}a`).ok).toBe(true);
      expect(parse('a'.repeat(256))).toMatchObject({ rule });
      expect(parse('é'.repeat(128))).toMatchObject({ rule });
    }
  });

  it.each([
    ['prev_events', 20],
    ['auth_events', 10],
  ])('[SIZE-4] [SIZE-5] [SIZE-6] bound %s by %i, but for backfill', (key, most) => {
    for (const version of allVersions) {
      const rules = getRoomVersion(version);
      const listOf = (length: number) =>
        Array.from({ length }, (_, index) => {
          const id = sampleEventId(rules, index);
          return rules.eventFormat === 'id' ? id : [id, { sha256: 'a' }];
        });
      const full = sampleEvent(rules, {}, { [key]: listOf(most) });
      const over = sampleEvent(rules, {}, { [key]: listOf(most + 1) });
      const rule = key === 'prev_events' ? 'SIZE-4' : 'SIZE-5';
      expect(parsePdu(full, rules).ok).toBe(true);
      expect(parsePdu(over, rules)).toMatchObject({ rule });
      expect(parsePdu(over, rules, { anyNumberOfReferences: true }).ok).toBe(true);
    }
  });

  it('[SIZE-7] are measured as canonical JSON is written', () => {
    fc.assert(
      fc.property(looseJsonValues.filter(isObject), (json) => {
        expect(canonicalSizeBytes(json)).toBe(sizeOf(json));
      }),
      propertyParameters(),
    );
  });
});
