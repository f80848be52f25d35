import { member, parseUserId } from '@hansa/protocol';
import type { ProfileField } from '@hansa/protocol/wire';
import { defineRoute, paramText, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import type { FindProfile } from './profile-source.ts';

/** `GET /profile/{userId}/{keyName}` */
export function getProfileField({ findProfile }: { readonly findProfile: FindProfile }): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/profile/{userId}/{keyName}',
    auth: 'none',
    params: { userId: parseUserId, keyName: paramText },
    handler: async ({ params: { userId, keyName } }): Promise<ProfileField> => {
      const value = member(await findProfile(userId), keyName);
      if (value === undefined) throw notFound(`${userId} has no "${keyName}" in the profile.`);
      return Object.fromEntries([[keyName, value]]);
    },
  });
}
