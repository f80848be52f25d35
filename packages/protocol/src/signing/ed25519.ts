import { Buffer } from 'node:buffer';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export const SEED_BYTES = 32;
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

// node:crypto takes no raw keys: these are the DER headers that stand before them (RFC 8410).
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_HEADER = Buffer.from('302a300506032b6570032100', 'hex');

/** Private key of a seed of 32 bytes. */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  if (seed.byteLength !== SEED_BYTES)
    throw new RangeError(`an ed25519 seed has ${SEED_BYTES} bytes`);
  return createPrivateKey({
    key: Buffer.concat([PKCS8_HEADER, seed]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** The 32 bytes of the public key that belongs to a private one. */
export function publicBytesOf(privateKey: KeyObject): Uint8Array {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return der.subarray(SPKI_HEADER.length);
}

/** Public key of its 32 bytes. Whether they are a point of the curve shows when something is verified. */
export function publicKeyOf(bytes: Uint8Array): KeyObject {
  if (bytes.byteLength !== PUBLIC_KEY_BYTES) {
    throw new RangeError(`an ed25519 public key has ${PUBLIC_KEY_BYTES} bytes`);
  }
  return createPublicKey({ key: Buffer.concat([SPKI_HEADER, bytes]), format: 'der', type: 'spki' });
}
