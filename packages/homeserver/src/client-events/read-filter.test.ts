import type { JsonObject, UserId } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { checkFilter, readFilter, readRoomEventFilter } from './read-filter.ts';

const globs = (count: number) => Array.from({ length: count }, (_, n) => `*${n}*`);
const names = Array.from({ length: 500 }, (_, n) => `type.${n}`);

describe('a filter', () => {
  it.each<[string, JsonObject]>([
    ['of plain names', { types: names, not_types: names }],
    ['of patterns', { types: globs(50), not_types: globs(50) }],
  ])('may have long lists %s', (_, filter) => {
    expect(readRoomEventFilter(JSON.stringify(filter))).toEqual(filter);
    expect(checkFilter({ room: { timeline: filter, state: filter } })).toBeDefined();
  });

  it.each<[string, JsonObject]>([
    ['patterns', { types: globs(51) }],
    ['exclusions', { not_types: globs(51) }],
    ['names', { types: [...names, 'one.more'] }],
  ])('has no more %s than can be held against every event', (_, filter) => {
    const refusal = expect.objectContaining({ errcode: 'M_BAD_JSON' });
    expect(() => readRoomEventFilter(JSON.stringify(filter))).toThrow(refusal);
    expect(() => checkFilter({ room: { timeline: filter } })).toThrow(refusal);
    expect(() => checkFilter({ room: { state: filter } })).toThrow(refusal);
  });

  it.each([
    ['{"room":1.5}', 'room'],
    ['{"room":1e3}', 'room'],
    ['{"room":{"timeline":1.5}}', 'room/timeline'],
    ['{"room":{"state":-0}}', 'room/state'],
    ['{"presence":9007199254740993}', 'presence'],
  ])('is not read from %s, where a number stands for an object', async (text, place) => {
    const accounts = { findFilter: () => Promise.resolve(undefined) };
    const reading = readFilter(accounts, '@ada:harbour.example' as UserId, text);
    await expect(reading).rejects.toMatchObject({
      errcode: 'M_BAD_JSON',
      message: `filter: ${place} must be an object`,
    });
  });
});
