import { buildEvent } from '../events/build-event.ts';
import type { EventTemplate } from '../events/build-event.ts';
import type { EventId, RoomId, UserId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

const HASH = 'Nhcu5BS0UMnFX7hBVfVSoXiD7OgH6iRT0xyIuqDnpYQ';

/** An event id of the form that the room version has; different numbers give different ids. */
export function sampleEventId(rules: RoomVersionRules, number = 0): EventId {
  const digits = String(number).padStart(3, '0');
  return (
    rules.eventIdFormat === 'given' ? `$event${digits}:example.org` : `$${digits}${HASH.slice(3)}`
  ) as EventId;
}

export function sampleRoomId(rules: RoomVersionRules): RoomId {
  return (rules.roomIdFormat === 'create-event-hash' ? `!${HASH}` : '!room:example.org') as RoomId;
}

/** A message in the federation form, unhashed and unsigned; `changes` go over its top-level members. */
export function sampleEvent(
  rules: RoomVersionRules,
  template: Partial<EventTemplate> = {},
  changes: JsonObject = {},
): JsonObject {
  const parents = [sampleEventId(rules, 1)];
  const authority = [sampleEventId(rules, 2), sampleEventId(rules, 3)];
  const complete: EventTemplate = {
    type: 'm.room.message',
    sender: '@alice:example.org' as UserId,
    roomId: sampleRoomId(rules),
    content: { msgtype: 'm.text', body: 'hello' },
    prevEvents: parents,
    authEvents: authority,
    depth: 7,
    originServerTs: 1_700_000_000_000,
    ...(rules.eventIdFormat === 'given'
      ? {
          eventId: sampleEventId(rules),
          referenceHashes: new Map([...parents, ...authority].map((id) => [id, HASH])),
        }
      : {}),
    ...template,
  };
  return {
    ...buildEvent(complete, rules),
    hashes: { sha256: HASH },
    signatures: { 'example.org': { 'ed25519:1': 'c2lnbmF0dXJl' } },
    ...changes,
  };
}

/** The same without some of its members. */
export function without(json: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));
}
