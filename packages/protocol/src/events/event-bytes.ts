import { Buffer } from 'node:buffer';
import { canonicalJson } from '../json/canonical.ts';
import type { JsonObject } from '../json/value.ts';
import { withoutSignatures } from '../json/without-signatures.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { redact } from './redact.ts';

/**
 * The bytes of an event that its signatures cover and its reference hash is taken of: what redaction keeps, without
 * `signatures` and `unsigned`. Source: server-server API, "Signing Events".
 */
export function eventBytes(json: JsonObject, rules: RoomVersionRules): Uint8Array {
  return Buffer.from(eventText(json, rules), 'utf8');
}

/** The same as text. */
export function eventText(json: JsonObject, rules: RoomVersionRules): string {
  return canonicalJson(withoutSignatures(redact(json, rules)));
}
