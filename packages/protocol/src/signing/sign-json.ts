import { encodeBase64 } from '../json/base64.ts';
import { canonicalJsonBytes } from '../json/canonical.ts';
import type { JsonObject } from '../json/value.ts';
import { withoutSignatures } from '../json/without-signatures.ts';
import { addSignature } from './signatures.ts';
import type { SigningKey } from './signing-key.ts';

/** The object with a signature of `entity` added to what it carries. Source: appendices, "Signing Details". */
export function signJson(object: JsonObject, entity: string, key: SigningKey): JsonObject {
  const signature = key.sign(canonicalJsonBytes(withoutSignatures(object)));
  return addSignature(object, entity, key.keyId, encodeBase64(signature));
}
