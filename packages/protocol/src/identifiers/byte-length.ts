import { Buffer } from 'node:buffer';

/** Longest user id, room id, alias or event id, sigil and domain included. Source: appendices, "Common Identifier Format". */
export const IDENTIFIER_MAX_BYTES = 255;

/** Whether `text` is at most `maxBytes` long as UTF-8; counts only where the length alone does not tell. */
export function fitsBytes(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return false;
  return text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}
