import type { Accounts } from '../../accounts/accounts.ts';
import { defineRoute, type Route } from '../../http/index.ts';

/** `POST /logout/all`: ends every device of the user. */
export function logOutAll({ accounts }: { readonly accounts: Accounts }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/logout/all',
    auth: 'token',
    handler: async ({ session }) => {
      await accounts.logOutAll(session.userId);
      return {};
    },
  });
}
