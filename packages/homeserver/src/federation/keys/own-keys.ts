import { parseVerifyKey } from '@hansa/protocol';
import type { KeyId, ServerKeys, VerifyKey } from '@hansa/protocol';
import type { OwnIdentity } from '../../own-identity.ts';

/** Our own keys in the form in which those of others are judged. They never grow old. */
export function ownKeys({ serverName, signingKey, retiredKeys }: OwnIdentity): ServerKeys {
  const old = retiredKeys.map(
    ({ keyId, publicKey, expiredTs }): [KeyId, { key: VerifyKey; expiredTs: number }] => [
      keyId,
      { key: verifyKeyOf(publicKey), expiredTs },
    ],
  );
  return {
    serverName,
    verifyKeys: new Map([[signingKey.keyId, verifyKeyOf(signingKey.publicKey)]]),
    oldVerifyKeys: new Map(old),
    validUntilTs: Number.MAX_SAFE_INTEGER,
    trustedUntilTs: Number.MAX_SAFE_INTEGER,
  };
}

function verifyKeyOf(publicKey: string): VerifyKey {
  const key = parseVerifyKey(publicKey);
  if (!key.ok) throw new TypeError(`our own key: ${key.reason}`);
  return key.value;
}
