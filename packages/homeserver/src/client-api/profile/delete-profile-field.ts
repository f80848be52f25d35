import { parseUserId } from '@hansa/protocol';
import { defineRoute, type Route } from '../../http/index.ts';
import { forbidden } from '../../matrix-error.ts';
import type { ChangeProfile } from '../../membership/change-profile.ts';
import { parseProfileField } from './profile-field.ts';

/** `DELETE /profile/{userId}/{keyName}`: gone at once from every room that the user is in. */
export function deleteProfileField({
  changeProfile,
}: {
  readonly changeProfile: ChangeProfile;
}): Route {
  return defineRoute({
    method: 'DELETE',
    path: '/_matrix/client/v3/profile/{userId}/{keyName}',
    auth: 'token',
    params: { userId: parseUserId, keyName: parseProfileField },
    handler: async ({ session, params: { userId, keyName } }) => {
      if (userId !== session.userId) throw forbidden('A profile is changed by its user only.');
      await changeProfile(userId, { [keyName]: '' });
      return {};
    },
  });
}
