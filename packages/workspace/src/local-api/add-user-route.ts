import { defineRoute, type Accounts, type Route } from '@hansa/homeserver';
import { Type } from 'typebox';
import { createUser } from './create-user.ts';

export const ADD_USER_PATH = '/_hansa/local/users';

/** `hansa user add`, while the workspace runs. Who reaches the socket may: it lies in the data folder. */
export function addUserRoute(ports: { readonly accounts: Accounts }): Route {
  return defineRoute({
    method: 'POST',
    path: ADD_USER_PATH,
    auth: 'none',
    body: Type.Object({
      localpart: Type.String({ maxLength: 255 }),
      password: Type.String({ maxLength: 512 }),
      admin: Type.Boolean(),
    }),
    handler: async ({ body }) => ({ user_id: await createUser(ports.accounts, body) }),
  });
}
