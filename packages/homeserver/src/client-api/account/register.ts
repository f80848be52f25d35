import { Buffer } from 'node:buffer';
import type { Random } from '@hansa/net';
import { member } from '@hansa/protocol';
import { Type } from 'typebox';
import type { Accounts } from '../../accounts/accounts.ts';
import { requireStrongPassword } from '../../accounts/require-strong-password.ts';
import { AnyObject, defineRoute, type Route } from '../../http/index.ts';
import { forbidden, missingParam, type MatrixError } from '../../matrix-error.ts';
import { askForStage, noSuchStage } from './ask-for-stage.ts';
import { DEVICE_FIELDS, readDevice } from './device-fields.ts';

interface Ports {
  readonly accounts: Accounts;
  readonly random: Random;
  readonly registration: 'open' | 'closed';
}

const Body = Type.Object({
  username: Type.Optional(Type.String({ maxLength: 255 })),
  password: Type.Optional(Type.String({ maxLength: 512 })),
  inhibit_login: Type.Optional(Type.Boolean()),
  auth: Type.Optional(AnyObject),
  ...DEVICE_FIELDS,
});

const STAGE = 'm.login.dummy';
const GENERATED_NAME_BYTES = 6;

/** `POST /register`: user-interactive, with the one stage that asks nothing. */
export function register({ accounts, random, registration }: Ports): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/register',
    auth: 'none',
    query: Type.Object({
      kind: Type.Optional(Type.Union([Type.Literal('user'), Type.Literal('guest')])),
    }),
    body: Body,
    handler: async ({ body, query }) => {
      if (registration === 'closed') throw registrationClosed();
      if (query.kind === 'guest') throw forbidden('There are no guest accounts here.');
      const localpart =
        body.username ?? Buffer.from(random.bytes(GENERATED_NAME_BYTES)).toString('hex');
      await accounts.findFreeUserId(localpart);
      const stage = body.auth === undefined ? undefined : member(body.auth, 'type');
      if (stage !== STAGE)
        return askForStage(STAGE, random, stage === undefined ? undefined : noSuchStage());
      if (!body.password) throw missingParam('body: password is missing');
      requireStrongPassword(body.password);
      const userId = await accounts.register({ localpart, password: body.password });
      if (body.inhibit_login) return { user_id: userId };
      const session = await accounts.openSession(userId, readDevice(body));
      return { user_id: userId, access_token: session.accessToken, device_id: session.deviceId };
    },
  });
}

export function registrationClosed(): MatrixError {
  return forbidden('Registration is closed here. Ask an administrator for an account.');
}
