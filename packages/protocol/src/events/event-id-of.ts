import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { EventId } from '../identifiers/brand.ts';
import { isEventIdOf } from '../identifiers/event-id.ts';
import { encodeBase64, encodeBase64Url } from '../json/base64.ts';
import { member } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { referenceHash } from './reference-hash.ts';

/**
 * Id of an event in its federation form: its own `event_id` in versions 1 and 2, its reference hash from
 * version 3 on. Source: the section "Event IDs" of each room version.
 */
export function eventIdOf(json: JsonObject, rules: RoomVersionRules): Parsed<EventId> {
  switch (rules.eventIdFormat) {
    case 'given':
      return givenEventId(json);
    case 'base64':
      return parsed(`$${encodeBase64(referenceHash(json, rules))}` as EventId);
    case 'base64url':
      return parsed(`$${encodeBase64Url(referenceHash(json, rules))}` as EventId);
  }
}

function givenEventId(json: JsonObject): Parsed<EventId> {
  const id = member(json, 'event_id');
  return typeof id === 'string' && isEventIdOf('given', id)
    ? parsed(id)
    : refused('EV-2.1', 'event_id is not of the form $opaque:domain');
}
