import { createSigningKey } from '../signing/signing-key.ts';
import type { SigningKey } from '../signing/signing-key.ts';
import { parseVerifyKey } from '../signing/verify-key.ts';
import type { VerifyKey } from '../signing/verify-key.ts';

export interface TestKey {
  readonly signing: SigningKey;
  readonly verify: VerifyKey;
}

/** A key pair of a seed that anyone can guess. */
export function testKey(version: string, fill = 1): TestKey {
  const signing = createSigningKey(version, new Uint8Array(32).fill(fill));
  return { signing, verify: verifyKeyOf(signing.publicKey) };
}

export function verifyKeyOf(publicKey: string): VerifyKey {
  const key = parseVerifyKey(publicKey);
  if (!key.ok) throw new Error(key.reason);
  return key.value;
}
