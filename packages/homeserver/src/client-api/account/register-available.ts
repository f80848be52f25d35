import { Type } from 'typebox';
import type { Accounts } from '../../accounts/accounts.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { registrationClosed } from './register.ts';

interface Ports {
  readonly accounts: Pick<Accounts, 'findFreeUserId'>;
  readonly registration: 'open' | 'closed';
}

/** `GET /register/available`. Where nobody may register nobody is told who has. */
export function registerAvailable({ accounts, registration }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/register/available',
    auth: 'none',
    query: Type.Object({ username: Type.String({ maxLength: 255 }) }),
    handler: async ({ query }) => {
      if (registration === 'closed') throw registrationClosed();
      await accounts.findFreeUserId(query.username);
      return { available: true };
    },
  });
}
