import { member, parseUserId, parsed, refused, type Parsed } from '@hansa/protocol';
import { AnyObject, defineRoute, type Route } from '../../http/index.ts';
import { badJson, forbidden } from '../../matrix-error.ts';
import type { ChangeProfile } from '../../membership/change-profile.ts';

type Field = 'displayname' | 'avatar_url';
const MAX_FIELD_CHARS = { displayname: 256, avatar_url: 1000 } as const;

/** `PUT /profile/{userId}/{keyName}`: in force at once in every room that the user is in. */
export function setProfileField({
  changeProfile,
}: {
  readonly changeProfile: ChangeProfile;
}): Route {
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/client/v3/profile/{userId}/{keyName}',
    auth: 'token',
    params: { userId: parseUserId, keyName: parseField },
    body: AnyObject,
    handler: async ({ session, params: { userId, keyName }, body }) => {
      if (userId !== session.userId) throw forbidden('A profile is changed by its user only.');
      const value = member(body, keyName);
      if (typeof value !== 'string' && value !== null && value !== undefined) {
        throw badJson(`body: ${keyName} must be a string`);
      }
      if ((value ?? '').length > MAX_FIELD_CHARS[keyName]) {
        throw badJson(`body: ${keyName} has at most ${MAX_FIELD_CHARS[keyName]} characters`);
      }
      await changeProfile(userId, { [keyName]: value ?? '' });
      return {};
    },
  });
}

function parseField(text: string): Parsed<Field> {
  return text === 'displayname' || text === 'avatar_url'
    ? parsed(text)
    : refused('HTTP-2', 'only displayname and avatar_url can be set here');
}
