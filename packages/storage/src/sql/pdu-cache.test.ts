import type { JsonObject, JsonValue } from '@hansa/protocol';
import { expect, it } from 'vitest';
import { ROOM, samplePdu } from '../contract/sample-room.ts';
import { PduCache } from './pdu-cache.ts';

const MAX_BYTES = 256 * 1024;
const LARGE = { x: 'x'.repeat(60_000) };

function fill(content: JsonObject, count: number): PduCache {
  const cache = new PduCache(() => {}, MAX_BYTES);
  for (let n = 0; n < count; n += 1) cache.add(samplePdu(`${n}`, { content }));
  return cache;
}

it('keeps as many events as it has memory for, whatever they are made of', () => {
  expect(fill({ body: 'hello' }, 100).size).toBe(100);
  const text = 'x'.repeat(10_000);
  expect(fill({ body: text }, 100).size).toBeLessThan(26);
  // As long as that text, and twenty times as large in memory.
  const empty: JsonValue[] = Array.from({ length: 3_333 }, () => ({}));
  expect(fill({ body: empty }, 10).size).toBe(1);
});

it('forgets what was used longest ago', () => {
  const problems: string[] = [];
  const cache = new PduCache((problem) => problems.push(problem), MAX_BYTES / 2);
  const pdus = ['a', 'b', 'c'].map((name) => samplePdu(name, { content: LARGE }));
  const [a, b, c] = pdus;
  if (a === undefined || b === undefined || c === undefined) throw new Error('three were made');
  const broken = new Uint8Array();
  cache.add(a);
  cache.add(b);
  expect(cache.read(ROOM, a.eventId, '11', broken)).toBe(a);
  cache.add(c);
  expect(cache.read(ROOM, a.eventId, '11', broken)).toBe(a);
  expect(cache.read(ROOM, c.eventId, '11', broken)).toBe(c);
  expect(cache.read(ROOM, b.eventId, '11', broken)).toBeUndefined();
  expect(problems).toEqual([`the stored event ${b.eventId} of ${ROOM} is broken`]);
  // Told once, and not at every reading.
  expect(cache.read(ROOM, b.eventId, '11', broken)).toBeUndefined();
  expect(problems).toHaveLength(1);
});

it('counts an event once, however often it is written', () => {
  const cache = new PduCache(() => {}, MAX_BYTES / 2);
  const pdu = samplePdu('a', { content: LARGE });
  const other = samplePdu('b', { content: LARGE });
  cache.add(other);
  for (let n = 0; n < 10; n += 1) cache.add(pdu);
  expect(cache.size).toBe(2);
});
