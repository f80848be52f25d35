import type { LoginResponse } from '@hansa/protocol/wire';
import { Type } from 'typebox';
import type { Accounts } from '../../accounts/accounts.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { unknownLoginType } from '../../matrix-error.ts';
import { DEVICE_FIELDS, readDevice } from './device-fields.ts';
import { PASSWORD_LOGIN_FIELDS, readPasswordLogin } from './password-login.ts';

const Body = Type.Object({
  type: Type.String({ maxLength: 64 }),
  ...PASSWORD_LOGIN_FIELDS,
  ...DEVICE_FIELDS,
});

/** `POST /login`, by password */
export function logIn({ accounts }: { readonly accounts: Accounts }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/login',
    auth: 'none',
    body: Body,
    handler: async ({ body, remoteAddress }): Promise<LoginResponse> => {
      if (body.type !== 'm.login.password') throw unknownLoginType(body.type);
      const login = { ...readPasswordLogin(body), device: readDevice(body), remoteAddress };
      const session = await accounts.logIn(login);
      return {
        user_id: session.userId,
        access_token: session.accessToken,
        device_id: session.deviceId,
      };
    },
  });
}
