import { sign } from 'node:crypto';
import type { KeyId } from '../identifiers/brand.ts';
import { isKeyId } from '../identifiers/key-id.ts';
import { encodeBase64 } from '../json/base64.ts';
import { privateKeyOf, publicBytesOf } from './ed25519.ts';

/** A private ed25519 key with the name that its server publishes it under. */
export interface SigningKey {
  readonly keyId: KeyId;
  /** Unpadded Base64. */
  readonly publicKey: string;
  /** The 64 bytes of the signature. */
  sign(bytes: Uint8Array): Uint8Array;
  /** The 32 secret bytes, for the key file. */
  exportSeed(): Uint8Array;
}

/**
 * The key that 32 random bytes stand for; the same seed always gives the same key. Throws a `RangeError` for a
 * version that is not of letters, digits and `_`, or a seed of another length.
 */
export function createSigningKey(version: string, seed: Uint8Array): SigningKey {
  const keyId = `ed25519:${version}`;
  if (!isKeyId(keyId)) throw new RangeError('a key version is of letters, digits and _');
  return new Ed25519SigningKey(keyId, seed);
}

/** The secret parts are private fields: a key that gets into a log shows its name and public key only. */
class Ed25519SigningKey implements SigningKey {
  readonly keyId: KeyId;
  readonly publicKey: string;
  readonly #seed: Uint8Array;
  readonly #privateKey;

  constructor(keyId: KeyId, seed: Uint8Array) {
    this.keyId = keyId;
    this.#seed = Uint8Array.from(seed);
    this.#privateKey = privateKeyOf(this.#seed);
    this.publicKey = encodeBase64(publicBytesOf(this.#privateKey));
  }

  sign(bytes: Uint8Array): Uint8Array {
    return sign(null, bytes, this.#privateKey);
  }

  exportSeed(): Uint8Array {
    return Uint8Array.from(this.#seed);
  }
}
