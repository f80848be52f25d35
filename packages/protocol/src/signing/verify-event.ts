import type { Decision } from '../decision.ts';
import { eventBytes } from '../events/event-bytes.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { VerifyKey } from './verify-key.ts';
import { verifySignature } from './verify-signature.ts';

/**
 * Whether `entity` has signed the event with the key of this id. Holds for a redacted copy as for the whole event.
 * Source: server-server API, "Validating hashes and signatures on received events".
 */
export function verifyEventSignature(
  json: JsonObject,
  rules: RoomVersionRules,
  entity: string,
  keyId: string,
  key: VerifyKey,
): Decision {
  return verifySignature(json, entity, keyId, key, eventBytes(json, rules));
}
