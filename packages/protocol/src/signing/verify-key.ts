import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { parsed, refused } from '../decision.ts';
import type { Parsed } from '../decision.ts';
import { decodeBase64, encodeBase64 } from '../json/base64.ts';
import { PUBLIC_KEY_BYTES, publicKeyOf, SIGNATURE_BYTES } from './ed25519.ts';

/** A public ed25519 key. */
export interface VerifyKey {
  /** Unpadded Base64. */
  readonly publicKey: string;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** A public key as peers write it (rule `SIG-1`). */
export function parseVerifyKey(text: string): Parsed<VerifyKey> {
  const bytes = decodeBase64(text);
  if (bytes?.byteLength !== PUBLIC_KEY_BYTES) {
    return refused('SIG-1', `a public key is ${PUBLIC_KEY_BYTES} bytes in Base64`);
  }
  return parsed(new Ed25519VerifyKey(encodeBase64(bytes), publicKeyOf(bytes)));
}

class Ed25519VerifyKey implements VerifyKey {
  readonly publicKey: string;
  readonly #key: KeyObject;

  constructor(publicKey: string, key: KeyObject) {
    this.publicKey = publicKey;
    this.#key = key;
  }

  verify(bytes: Uint8Array, signature: Uint8Array): boolean {
    return signature.byteLength === SIGNATURE_BYTES && verify(null, bytes, this.#key, signature);
  }
}
