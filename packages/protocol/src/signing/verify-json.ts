import type { Decision } from '../decision.ts';
import { canonicalJsonBytes } from '../json/canonical.ts';
import type { JsonObject } from '../json/value.ts';
import { withoutSignatures } from '../json/without-signatures.ts';
import type { VerifyKey } from './verify-key.ts';
import { verifySignature } from './verify-signature.ts';

/** Whether `entity` has signed the object with the key of this id. Source: appendices, "Checking for a Signature". */
export function verifyJson(
  object: JsonObject,
  entity: string,
  keyId: string,
  key: VerifyKey,
): Decision {
  const bytes = canonicalJsonBytes(withoutSignatures(object));
  return verifySignature(object, entity, keyId, key, bytes);
}
