import { hash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import type { Random } from '@hansa/net';

const TOKEN_BYTES = 32;

/** A new access token; the prefix lets secret scanners recognise one that leaked. */
export function newAccessToken(random: Random): string {
  return `hansa_${Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url')}`;
}

/** What is stored and looked up; the token itself is known to its client alone. */
export function hashToken(token: string): Uint8Array {
  return hash('sha256', token, 'buffer');
}
