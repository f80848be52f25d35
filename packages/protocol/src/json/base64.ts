import { Buffer } from 'node:buffer';

const LETTERS = /^[A-Za-z0-9+/_-]*$/;

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
 * Bytes of a Base64 text, padded or not, with `+/` or `-_`; `undefined` for anything else: foreign letters, white space,
 * padding within, a length that no bytes have (rules `B64-2` to `B64-4`). Unused low bits of the last letter are ignored.
 * That wide, because what counts is the bytes, and Synapse and Dendrite take all of it: a signature that only we refuse
 * would split a room.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const letters = withoutPadding(text);
  if (letters.length % 4 === 1 || !LETTERS.test(letters)) return undefined;
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
