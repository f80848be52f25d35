import { isObject, type JsonObject, member } from '../../json/value.ts';
import { verifyJson } from '../../signing/verify-json.ts';
import { parseVerifyKey } from '../../signing/verify-key.ts';

/** Signatures times keys that are tried at most: an honest invite has one signature and two keys. */
export const THIRD_PARTY_MAX_VERIFICATIONS = 64;

/**
 * Whether some ed25519 signature of the object, whosever it says it is, is by one of the keys. One that would take
 * more than `THIRD_PARTY_MAX_VERIFICATIONS` counts as signed by nobody. Source: rooms/v12.md, rule 5.4.1.7.
 */
export function isSignedByAny(signed: JsonObject, publicKeys: ReadonlySet<string>): boolean {
  const signatures = signaturesOf(signed);
  if (signatures.length * publicKeys.size > THIRD_PARTY_MAX_VERIFICATIONS) return false;
  for (const publicKey of publicKeys) {
    const key = parseVerifyKey(publicKey);
    if (!key.ok) continue;
    for (const [entity, keyId] of signatures) {
      if (verifyJson(signed, entity, keyId, key.value).ok) return true;
    }
  }
  return false;
}

function signaturesOf(signed: JsonObject): readonly (readonly [entity: string, keyId: string])[] {
  const signatures = member(signed, 'signatures');
  if (!isObject(signatures)) return [];
  return Object.entries(signatures).flatMap(([entity, byKey]) =>
    isObject(byKey) ? Object.keys(byKey).map((keyId) => [entity, keyId] as const) : [],
  );
}
