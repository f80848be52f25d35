import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import { decodeBase64 } from '../../json/base64.ts';
import { canonicalJsonBytes } from '../../json/canonical.ts';
import { isObject, type JsonObject, member } from '../../json/value.ts';

/** Signatures times keys that are tried at most: an honest invite has one signature and two keys. */
const MAX_ATTEMPTS = 64;

/** Whether some ed25519 signature of the object, of whatever server, is by one of the keys (Base64, either alphabet). */
export function isSignedByAny(signed: JsonObject, keys: ReadonlySet<string>): boolean {
  const signatures = signaturesOf(signed);
  if (signatures.length * keys.size > MAX_ATTEMPTS) return false;
  for (const key of keys) {
    const publicKey = decodeBase64(key, 'either');
    if (publicKey === undefined) continue;
    for (const [entity, keyId] of signatures) {
      if (verifyJson(signed, entity, keyId, publicKey)) return true;
    }
  }
  return false;
}

function signaturesOf(signed: JsonObject): readonly (readonly [entity: string, keyId: string])[] {
  const signatures = member(signed, 'signatures');
  if (!isObject(signatures)) return [];
  return Object.entries(signatures).flatMap(([entity, byKey]) =>
    isObject(byKey)
      ? Object.keys(byKey)
          .filter((keyId) => keyId.startsWith('ed25519:'))
          .map((keyId) => [entity, keyId] as const)
      : [],
  );
}

function verifyJson(signed: JsonObject, entity: string, keyId: string, key: Uint8Array): boolean {
  const byEntity = member(signed, 'signatures') as JsonObject;
  const signature = member(member(byEntity, entity) as JsonObject, keyId);
  const bytes = typeof signature === 'string' ? decodeBase64(signature) : undefined;
  if (bytes === undefined || bytes.length !== 64 || key.length !== 32) return false;
  const { signatures: _, unsigned: __, ...rest } = signed;
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  const spki = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, canonicalJsonBytes(rest), spki, bytes);
}
