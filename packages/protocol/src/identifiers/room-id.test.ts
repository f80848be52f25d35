import { describe, expect, it } from 'vitest';
import type { EventId, RoomId } from './brand.ts';
import {
  createEventIdOf,
  domainOf,
  isRoomId,
  isRoomIdOf,
  parseRoomId,
  roomIdOfCreateEvent,
} from './room-id.ts';

const WITH_DOMAIN = '!room:example.org:8448';
const HASH = '!Nhcu5BS-UMnFX7hBVfVSoXiD7OgH6iRT-xyIuqDnpYQ';

describe('room ids', () => {
  it.each([WITH_DOMAIN, HASH, '!ä :[::1]', '!:example.org'])('[ID-3.1] takes %s', (text) => {
    expect(parseRoomId(text)).toEqual({ ok: true, value: text });
  });

  it.each([
    '',
    '!',
    '!room',
    'room:example.org',
    '#room:example.org',
    '!room:',
    '!ro\0om:example.org',
    `${HASH}a`,
    HASH.slice(0, -1),
    HASH.replace('-', '+'),
    `${HASH}\n`,
  ])('[ID-3.1] refuses %j', (text) => {
    expect(parseRoomId(text)).toMatchObject({ ok: false, rule: 'ID-3.1' });
    expect(isRoomId(text)).toBe(false);
  });

  it('[ID-3.2] knows the form of a room version', () => {
    expect(isRoomIdOf('opaque-with-domain', WITH_DOMAIN)).toBe(true);
    expect(isRoomIdOf('opaque-with-domain', HASH)).toBe(false);
    expect(isRoomIdOf('create-event-hash', HASH)).toBe(true);
    expect(isRoomIdOf('create-event-hash', WITH_DOMAIN)).toBe(false);
  });

  it('[ID-3.3] finds a domain only where there is one', () => {
    expect(domainOf(WITH_DOMAIN as RoomId)).toBe('example.org:8448');
    expect(domainOf(HASH as RoomId)).toBeUndefined();
  });

  it('[ID-3.4] names a room by its create event', () => {
    const create = `$${HASH.slice(1)}` as EventId;
    expect(roomIdOfCreateEvent(create)).toBe(HASH);
    expect(createEventIdOf(HASH as RoomId)).toBe(create);
    expect(createEventIdOf(WITH_DOMAIN as RoomId)).toBeUndefined();
  });
});
