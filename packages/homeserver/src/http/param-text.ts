import type { ReadParam } from './route.ts';

const MAX_PARAM_BYTES = 255;

/** Parser of a path segment that has no grammar of its own, such as a transaction id: 1 to 255 bytes. */
export function paramText(text: string): ReadParam<string> {
  const sizeBytes = Buffer.byteLength(text);
  return sizeBytes > 0 && sizeBytes <= MAX_PARAM_BYTES
    ? { ok: true, value: text }
    : { ok: false, reason: `must have 1 to ${MAX_PARAM_BYTES} bytes` };
}

/** The same, and it may be empty, as a state key may. */
export function paramTextOrEmpty(text: string): ReadParam<string> {
  return text === '' ? { ok: true, value: text } : paramText(text);
}
