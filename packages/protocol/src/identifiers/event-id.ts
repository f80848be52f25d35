import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import type { EventIdFormat } from '../room-versions/rules.ts';
import type { EventId, ServerName } from './brand.ts';
import { domainAfterColon, faultOfNamespacedId } from './namespaced-id.ts';

// 43 letters are the 32 bytes of SHA-256 in unpadded Base64.
const STANDARD = /^\$[A-Za-z0-9+/]{43}$/;
const URL_SAFE = /^\$[A-Za-z0-9_-]{43}$/;

/** An event id of any room version, for callers that know no room yet, such as `GET /event`. */
export function parseEventId(text: string): Parsed<EventId> {
  return isEventId(text) ? parsed(text) : refused('ID-4.1', 'not an event id of any room version');
}

export function isEventId(text: string): text is EventId {
  return STANDARD.test(text) || URL_SAFE.test(text) || faultOfNamespacedId(text, '$') === undefined;
}

/** Whether `text` is an event id as rooms of one version have them. Source: rooms/v1.md, v3.md, v4.md, "Event IDs". */
export function isEventIdOf(format: EventIdFormat, text: string): text is EventId {
  switch (format) {
    case 'given':
      return faultOfNamespacedId(text, '$') === undefined;
    case 'base64':
      return STANDARD.test(text);
    case 'base64url':
      return URL_SAFE.test(text);
  }
}

/** The server in the event id of a version 1 or 2 room; later ids have none. */
export function domainOfEventId(eventId: EventId): ServerName | undefined {
  return eventId.includes(':') ? domainAfterColon(eventId) : undefined;
}
