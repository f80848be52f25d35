import { member, parseMxcUri, parseUserId, type JsonObject } from '@hansa/protocol';
import { AnyObject, defineRoute, type Route } from '../../http/index.ts';
import { badJson, forbidden, invalidParam, missingParam } from '../../matrix-error.ts';
import type { ChangeProfile } from '../../membership/change-profile.ts';
import { MAX_PROFILE_CHARS, tooLong } from '../../membership/profile-bounds.ts';
import { parseProfileField, type ProfileField } from './profile-field.ts';

/** `PUT /profile/{userId}/{keyName}`: in force at once in every room that the user is in. An empty text takes it away. */
export function setProfileField({
  changeProfile,
}: {
  readonly changeProfile: ChangeProfile;
}): Route {
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/client/v3/profile/{userId}/{keyName}',
    auth: 'token',
    params: { userId: parseUserId, keyName: parseProfileField },
    body: AnyObject,
    handler: async ({ session, params: { userId, keyName }, body }) => {
      if (userId !== session.userId) throw forbidden('A profile is changed by its user only.');
      await changeProfile(userId, { [keyName]: readField(body, keyName) });
      return {};
    },
  });
}

function readField(body: JsonObject, field: ProfileField): string {
  const value = member(body, field);
  if (value === undefined) throw missingParam(`body: ${field} is missing`);
  if (typeof value !== 'string') throw badJson(`body: ${field} must be a string`);
  if (value.length > MAX_PROFILE_CHARS[field]) throw tooLong(field);
  if (field === 'avatar_url' && value !== '' && !parseMxcUri(value).ok) {
    throw invalidParam('body: avatar_url must be an mxc:// URI');
  }
  return value;
}
