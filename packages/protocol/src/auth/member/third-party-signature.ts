import type { RoomEvent } from '../../events/room-event.ts';
import { canonicalJsonBytes } from '../../json/canonical.ts';
import { isObject, type JsonObject, member } from '../../json/value.ts';
import { withoutSignatures } from '../../json/without-signatures.ts';
import { parseVerifyKey } from '../../signing/verify-key.ts';
import { verifySignature } from '../../signing/verify-signature.ts';
import { thirdPartyKeysOf } from './third-party-keys.ts';

/**
 * Signatures times keys that are tried at most: an honest invite has one signature and two keys. Verifying takes some
 * hundred microseconds, and state resolution cannot pause between them.
 */
export const THIRD_PARTY_MAX_VERIFICATIONS = 16;

/** Of an invite, by the promise that it rests on. */
const known = new WeakMap<RoomEvent, WeakMap<RoomEvent, boolean>>();

/**
 * Whether some ed25519 signature of an invite's `signed`, whosever it says it is, is by one of the keys of the
 * `m.room.third_party_invite`. One that would take more than `THIRD_PARTY_MAX_VERIFICATIONS` counts as signed by
 * nobody. The answer is kept for the two events. Source: rooms/v12.md, rule 5.4.1.7.
 */
export function isSignedByPromised(
  invite: RoomEvent,
  signed: JsonObject,
  promise: RoomEvent,
): boolean {
  let byPromise = known.get(invite);
  if (byPromise === undefined) known.set(invite, (byPromise = new WeakMap()));
  let isSigned = byPromise.get(promise);
  if (isSigned === undefined) {
    isSigned = isSignedByAny(signed, thirdPartyKeysOf(promise.content));
    byPromise.set(promise, isSigned);
  }
  return isSigned;
}

function isSignedByAny(signed: JsonObject, publicKeys: ReadonlySet<string>): boolean {
  const signatures = signaturesOf(signed);
  if (signatures.length * publicKeys.size > THIRD_PARTY_MAX_VERIFICATIONS) return false;
  let bytes: Uint8Array | undefined;
  for (const publicKey of publicKeys) {
    const key = parseVerifyKey(publicKey);
    if (!key.ok) continue;
    bytes ??= canonicalJsonBytes(withoutSignatures(signed));
    for (const [entity, keyId] of signatures) {
      if (verifySignature(signed, entity, keyId, key.value, bytes).ok) return true;
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
