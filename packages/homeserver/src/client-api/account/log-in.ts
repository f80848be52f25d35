import { Type } from 'typebox';
import type { Accounts } from '../../accounts/accounts.ts';
import { AnyObject, defineRoute, type Route } from '../../http/index.ts';
import { badJson, MatrixError } from '../../matrix-error.ts';
import { DEVICE_FIELDS, readDevice } from './device-fields.ts';

const Body = Type.Object({
  type: Type.String({ maxLength: 64 }),
  identifier: Type.Optional(AnyObject),
  /** Older clients name the user here. */
  user: Type.Optional(Type.String({ maxLength: 255 })),
  password: Type.Optional(Type.String({ maxLength: 512 })),
  ...DEVICE_FIELDS,
});

/** `POST /login`, by password */
export function logIn({ accounts }: { readonly accounts: Accounts }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/login',
    auth: 'none',
    body: Body,
    handler: async ({ body }) => {
      if (body.type !== 'm.login.password') {
        throw new MatrixError(400, 'M_UNKNOWN', `There is no login of type "${body.type}" here.`);
      }
      const named = body.identifier?.['user'] ?? body.user;
      if (typeof named !== 'string') throw badJson('body: identifier.user is missing');
      if (body.password === undefined) throw badJson('body: password is missing');
      const session = await accounts.logIn(named, body.password, readDevice(body));
      return {
        user_id: session.userId,
        access_token: session.accessToken,
        device_id: session.deviceId,
      };
    },
  });
}
