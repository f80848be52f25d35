import type { ReadParam } from '../../http/index.ts';

/** What a profile can hold here. */
export type ProfileField = 'displayname' | 'avatar_url';

export function parseProfileField(text: string): ReadParam<ProfileField> {
  return text === 'displayname' || text === 'avatar_url'
    ? { ok: true, value: text }
    : { ok: false, reason: 'only displayname and avatar_url can be set here' };
}
