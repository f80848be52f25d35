import { ALLOWED, parsed, refused } from '../decision.ts';
import type { Decision, Parsed, Refused } from '../decision.ts';
import { eventBytes } from '../events/event-bytes.ts';
import type { KeyId } from '../identifiers/brand.ts';
import { isKeyId } from '../identifiers/key-id.ts';
import { formatPath } from '../json/path.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { signaturesOf } from './signatures.ts';
import type { VerifyKey } from './verify-key.ts';
import { isUnderstood, verifySignature } from './verify-signature.ts';

/** More is no signing server's doing, and each may cost a question to that server. */
const MAX_SIGNATURES = 16;

/** Ids of the keys that `entity` has signed the object with, as far as we understand them (rules `SIG-2`, `SIG-7`). */
export function listSigningKeyIds(object: JsonObject, entity: string): Parsed<readonly KeyId[]> {
  const ids = Object.keys(signaturesOf(object, entity) ?? {}).filter(isUnderstoodKeyId);
  if (ids.length === 0) return refuse('SIG-2', entity, 'no signature that we understand');
  if (ids.length > MAX_SIGNATURES) {
    return refuse('SIG-7', entity, `more than ${MAX_SIGNATURES} signatures`);
  }
  return parsed(ids);
}

/**
 * Whether `entity` has signed the event (rules `SIG-2` to `SIG-8`): with one key at least that `findKey` knows and finds valid
 * for this event, and with none of those wrongly. Unknown and expired keys are passed over.
 * Source: server-server API, "Validating hashes and signatures on received events".
 */
export function verifyEventSignatures(
  json: JsonObject,
  rules: RoomVersionRules,
  entity: string,
  findKey: (keyId: KeyId) => VerifyKey | undefined,
): Decision {
  const keyIds = listSigningKeyIds(json, entity);
  if (!keyIds.ok) return keyIds;
  const bytes = eventBytes(json, rules);
  let verified = 0;
  for (const keyId of keyIds.value) {
    const key = findKey(keyId);
    if (key === undefined) continue;
    const decision = verifySignature(json, entity, keyId, key, bytes);
    if (!decision.ok) return decision;
    verified += 1;
  }
  return verified > 0 ? ALLOWED : refuse('SIG-8', entity, 'none by a known and valid key');
}

function refuse(rule: string, entity: string, problem: string): Refused {
  return refused(rule, `${formatPath(['signatures', entity])}: ${problem}`);
}

function isUnderstoodKeyId(text: string): text is KeyId {
  return isUnderstood(text) && isKeyId(text);
}
