import { member, type JsonObject } from '@hansa/protocol';
import { Type } from 'typebox';
import type { Credentials } from '../../accounts/accounts.ts';
import { AnyObject } from '../../http/index.ts';
import { badJson, forbidden } from '../../matrix-error.ts';

/** Members by which somebody proves who they are by `m.login.password`. */
export const PASSWORD_LOGIN_FIELDS = {
  identifier: Type.Optional(AnyObject),
  /** Older clients name the user here. */
  user: Type.Optional(Type.String({ maxLength: 255 })),
  password: Type.Optional(Type.String({ maxLength: 512 })),
};

interface PasswordLogin {
  readonly identifier?: JsonObject;
  readonly user?: string;
  readonly password?: string;
}

/** @throws MatrixError `M_BAD_JSON`, `M_FORBIDDEN` */
export function readPasswordLogin(body: PasswordLogin): Pick<Credentials, 'user' | 'password'> {
  const user = body.identifier === undefined ? body.user : readUser(body.identifier);
  if (user === undefined) throw badJson('body: identifier is missing');
  if (body.password === undefined) throw badJson('body: password is missing');
  return { user, password: body.password };
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
