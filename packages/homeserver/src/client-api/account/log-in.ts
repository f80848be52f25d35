import type { LoginResponse } from '@hansa/protocol/wire';
import { Type } from 'typebox';
import type { Accounts } from '../../accounts/accounts.ts';
import type { JsonObject } from '@hansa/protocol';
import { member } from '@hansa/protocol';
import { AnyObject, defineRoute, type Route } from '../../http/index.ts';
import { badJson, forbidden, unknownLoginType } from '../../matrix-error.ts';
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
    handler: async ({ body, remoteAddress }): Promise<LoginResponse> => {
      if (body.type !== 'm.login.password') throw unknownLoginType(body.type);
      const user = body.identifier === undefined ? body.user : readUser(body.identifier);
      if (user === undefined) throw badJson('body: identifier is missing');
      if (body.password === undefined) throw badJson('body: password is missing');
      const { password } = body;
      const device = readDevice(body);
      const session = await accounts.logIn({ user, password, device, remoteAddress });
      return {
        user_id: session.userId,
        access_token: session.accessToken,
        device_id: session.deviceId,
      };
    },
  });
}

/** Source: client-server API, "Identifier types". */
function readUser(identifier: JsonObject): string {
  const type = member(identifier, 'type');
  if (type === 'm.id.thirdparty' || type === 'm.id.phone') {
    throw forbidden('Nobody is known here by that address or number.');
  }
  if (type !== 'm.id.user') throw badJson('body: identifier.type must be m.id.user');
  const user = member(identifier, 'user');
  if (typeof user !== 'string') throw badJson('body: identifier.user must be a string');
  return user;
}
