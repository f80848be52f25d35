import { hash } from 'node:crypto';

const SEPARATOR = ' ';
const DIGEST_CHARS = 16;

/**
 * Transaction ids are a device's own per endpoint and path, so both are part of what is remembered of it; the
 * path as a digest, because rooms and types may be long.
 */
export function transactionKey(path: readonly string[], transactionId: string): string {
  const digest = hash('sha256', JSON.stringify(path), 'base64url');
  return `${digest.slice(0, DIGEST_CHARS)}${SEPARATOR}${transactionId}`;
}

/** What the client called it. */
export function transactionIdOf(key: string): string {
  return key.slice(key.indexOf(SEPARATOR) + 1);
}
