import { ALLOWED, refused } from '../decision.ts';
import type { Decision } from '../decision.ts';
import { decodeBase64 } from '../json/base64.ts';
import { formatPath } from '../json/path.ts';
import type { JsonObject } from '../json/value.ts';
import { findSignature } from './signatures.ts';
import type { VerifyKey } from './verify-key.ts';

/**
 * Whether the signature that `object` carries of `entity` under `keyId` is one of these bytes by this key
 * (rules `SIG-3` to `SIG-6`). Source: appendices, "Checking for a Signature".
 */
export function verifySignature(
  object: JsonObject,
  entity: string,
  keyId: string,
  key: VerifyKey,
  bytes: Uint8Array,
): Decision {
  const refuse = (rule: string, problem: string): Decision =>
    refused(rule, `${formatPath(['signatures', entity, keyId])}: ${problem}`);
  if (!isUnderstood(keyId)) return refuse('SIG-4', 'not of the algorithm ed25519');
  const text = findSignature(object, entity, keyId);
  if (typeof text !== 'string') return refuse('SIG-3', 'no signature');
  const signature = decodeBase64(text);
  if (signature === undefined) return refuse('SIG-5', 'not Base64');
  return key.verify(bytes, signature) ? ALLOWED : refuse('SIG-6', 'the signature does not verify');
}

/** Whether a signature under this key id is of the one algorithm that there is. */
export function isUnderstood(keyId: string): boolean {
  return keyId.startsWith('ed25519:');
}
