import { parsed, refused } from '@hansa/protocol';
import type { Parsed } from '@hansa/protocol';

const MAX_PARAM_BYTES = 255;

/** Parser of a path segment that has no grammar of its own, such as a transaction id: 1 to 255 bytes. */
export function paramText(text: string): Parsed<string> {
  const sizeBytes = Buffer.byteLength(text);
  return sizeBytes > 0 && sizeBytes <= MAX_PARAM_BYTES
    ? parsed(text)
    : refused('HTTP-1', `must have 1 to ${MAX_PARAM_BYTES} bytes`);
}

/** The same, and it may be empty, as a state key may. */
export function paramTextOrEmpty(text: string): Parsed<string> {
  return text === '' ? parsed(text) : paramText(text);
}
