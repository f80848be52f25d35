import { Buffer } from 'node:buffer';

/** Which letters stand for 62 and 63: `+/`, `-_`, or whichever of the two comes. */
export type Base64Alphabet = 'standard' | 'url' | 'either';

const LETTERS: Readonly<Record<Base64Alphabet, RegExp>> = {
  standard: /^[A-Za-z0-9+/]*$/,
  url: /^[A-Za-z0-9_-]*$/,
  either: /^[A-Za-z0-9+/_-]*$/,
};

/** Unpadded Base64, as keys, signatures and hashes are written. Source: appendices, "Unpadded Base64". */
export function encodeBase64(bytes: Uint8Array): string {
  const text = view(bytes).toString('base64');
  const padding = text.indexOf('=');
  return padding === -1 ? text : text.slice(0, padding);
}

/** Unpadded Base64 with `-` and `_`, as event ids of room version 4 on are written. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return view(bytes).toString('base64url');
}

/**
 * Bytes of a Base64 text, padded or not; `undefined` for anything else: foreign letters, white space,
 * padding within, a length that no bytes have. Unused low bits of the last letter are ignored, since other servers
 * ignore them and what is compared is the bytes.
 */
export function decodeBase64(
  text: string,
  alphabet: Base64Alphabet = 'standard',
): Uint8Array | undefined {
  const letters = withoutPadding(text);
  if (letters.length % 4 === 1 || !LETTERS[alphabet].test(letters)) return undefined;
  return Buffer.from(letters, 'base64');
}

/** At most two `=`: more never pad anything, and stay to be refused as foreign letters. */
function withoutPadding(text: string): string {
  if (text.endsWith('==')) return text.slice(0, -2);
  return text.endsWith('=') ? text.slice(0, -1) : text;
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
