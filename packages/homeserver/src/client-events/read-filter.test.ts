import type { JsonObject } from '@hansa/protocol';
import { describe, expect, it } from 'vitest';
import { checkFilter, readRoomEventFilter } from './read-filter.ts';

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
});
