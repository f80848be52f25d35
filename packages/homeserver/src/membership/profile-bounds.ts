import { member, type JsonObject } from '@hansa/protocol';
import { badJson, type MatrixError } from '../matrix-error.ts';

/** Of what people call themselves, in characters: it is shown in lists, beside every message, on small screens. */
export const MAX_PROFILE_CHARS = { displayname: 256, avatar_url: 1000 } as const;

const FIELDS = ['displayname', 'avatar_url'] as const;

/** Of a member event by one of our people, who might write what `PUT /profile` refuses. Throws 400 `M_BAD_JSON`. */
export function requireProfileBounds(content: JsonObject): void {
  for (const field of FIELDS) {
    const value = member(content, field);
    if (typeof value === 'string' && value.length > MAX_PROFILE_CHARS[field]) {
      throw tooLong(field);
    }
  }
}

export function tooLong(field: keyof typeof MAX_PROFILE_CHARS): MatrixError {
  return badJson(`body: ${field} has at most ${MAX_PROFILE_CHARS[field]} characters`);
}
