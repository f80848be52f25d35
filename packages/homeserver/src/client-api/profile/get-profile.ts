import { parseUserId } from '@hansa/protocol';
import { defineRoute, type Route } from '../../http/index.ts';
import type { FindProfile } from './profile-source.ts';

/** `GET /profile/{userId}` */
export function getProfile({ findProfile }: { readonly findProfile: FindProfile }): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/profile/{userId}',
    auth: 'none',
    params: { userId: parseUserId },
    handler: async ({ params }) => findProfile(params.userId),
  });
}
