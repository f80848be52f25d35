import { describe, expect, it } from 'vitest';
import { passesFilter, passesRooms } from './event-filter.ts';

const message = { type: 'm.room.message', sender: '@ada:harbour.example', content: { body: 'hi' } };

describe('an event filter', () => {
  it.each([
    ['nothing said', {}, true],
    ['its type', { types: ['m.room.message'] }, true],
    ['a pattern of its type', { types: ['m.room.*'] }, true],
    ['another type', { types: ['m.room.member'] }, false],
    ['no types at all', { types: [] }, false],
    ['its type excluded', { types: ['m.room.*'], not_types: ['m.room.message'] }, false],
    ['its sender', { senders: ['@ada:harbour.example'] }, true],
    ['another sender', { senders: ['@bela:harbour.example'] }, false],
    ['its sender excluded', { not_senders: ['@ada:harbour.example'] }, false],
    ['events with a url', { contains_url: true }, false],
    ['events without a url', { contains_url: false }, true],
  ])('with %s', (_, filter, passes) => {
    expect(passesFilter(message, filter)).toBe(passes);
  });

  it('lets an exclusion of a room win over its inclusion', () => {
    expect(passesRooms('!a', { rooms: ['!a'] })).toBe(true);
    expect(passesRooms('!b', { rooms: ['!a'] })).toBe(false);
    expect(passesRooms('!a', { rooms: ['!a'], not_rooms: ['!a'] })).toBe(false);
  });
});
