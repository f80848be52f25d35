import { defaultPushRules } from '@hansa/protocol';
import { defineRoute, type Route } from '../../http/index.ts';

/** `GET /pushrules/`: the predefined rules, which everybody has. */
export function pushRules(): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/pushrules/',
    auth: 'token',
    handler: async ({ session }) => ({ global: defaultPushRules(session.userId) }),
  });
}
