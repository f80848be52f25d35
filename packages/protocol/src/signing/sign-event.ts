import { contentHash } from '../events/content-hash.ts';
import { eventBytes } from '../events/event-bytes.ts';
import { encodeBase64 } from '../json/base64.ts';
import { inCanonicalOrder } from '../json/canonical-order.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { addSignature } from './signatures.ts';
import type { SigningKey } from './signing-key.ts';

/**
 * The event with its content hash and our signature, in place of any that it has. Only for events that we built ourselves.
 * Source: server-server API, "Adding hashes and signatures to outgoing events".
 */
export function hashAndSignEvent(
  json: JsonObject,
  rules: RoomVersionRules,
  entity: string,
  key: SigningKey,
): JsonObject {
  const ordered = inCanonicalOrder({ ...json, hashes: {}, signatures: {} });
  const hashes = { sha256: encodeBase64(contentHash(ordered)) };
  return signEvent({ ...ordered, hashes }, rules, entity, key);
}

/** The event with one more signature, hashes and all else as they are: what an invited server adds to an invite. */
export function signEvent(
  json: JsonObject,
  rules: RoomVersionRules,
  entity: string,
  key: SigningKey,
): JsonObject {
  const signature = key.sign(eventBytes(json, rules));
  return addSignature(json, entity, key.keyId, encodeBase64(signature));
}
