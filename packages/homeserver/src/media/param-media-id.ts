import { isMediaId } from '@hansa/protocol';
import type { ReadParam } from '../http/index.ts';

/** Parser of a path segment: nothing that means anything in a path is in a media id. */
export function paramMediaId(text: string): ReadParam<string> {
  return isMediaId(text)
    ? { ok: true, value: text }
    : { ok: false, reason: 'must be 1 to 255 of A-Z, a-z, 0-9, _ and -' };
}
