import { hash } from 'node:crypto';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { eventText } from './event-bytes.ts';

/**
 * SHA-256 of what redaction keeps of an event, `hashes` included, `signatures` not: the event id from version 3 on.
 * Source: server-server API, "Calculating the reference hash for an event".
 */
export function referenceHash(json: JsonObject, rules: RoomVersionRules): Uint8Array {
  return hash('sha256', eventText(json, rules), 'buffer');
}
