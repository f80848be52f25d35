import type { Accounts } from '../../accounts/accounts.ts';
import { defineRoute, type Route } from '../../http/index.ts';

/** `POST /logout`: ends this device and its token. */
export function logOut({ accounts }: { readonly accounts: Accounts }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/logout',
    auth: 'token',
    handler: async ({ session }) => {
      await accounts.logOut(session);
      return {};
    },
  });
}
