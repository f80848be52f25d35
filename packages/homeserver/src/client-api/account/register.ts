import { Buffer } from 'node:buffer';
import type { Random } from '@hansa/net';
import { member, type JsonValue } from '@hansa/protocol';
import { Type } from 'typebox';
import type { Accounts } from '../../accounts/accounts.ts';
import { requireStrongPassword } from '../../accounts/require-strong-password.ts';
import { Answer, AnyObject, defineRoute, type Route } from '../../http/index.ts';
import { forbidden, missingParam } from '../../matrix-error.ts';
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
const SESSION_BYTES = 16;
const GENERATED_NAME_BYTES = 6;

/** `POST /register`: user-interactive, with the one stage that asks nothing. */
export function register({ accounts, random, registration }: Ports): Route {
  const randomText = (bytes: number) => Buffer.from(random.bytes(bytes)).toString('hex');
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/register',
    auth: 'none',
    query: Type.Object({
      kind: Type.Optional(Type.Union([Type.Literal('user'), Type.Literal('guest')])),
    }),
    body: Body,
    handler: async ({ body, query }) => {
      if (registration === 'closed') {
        throw forbidden('Registration is closed here. Ask an administrator for an account.');
      }
      if (query.kind === 'guest') throw forbidden('There are no guest accounts here.');
      const localpart = body.username ?? randomText(GENERATED_NAME_BYTES);
      await accounts.findFreeUserId(localpart);
      const stage = body.auth === undefined ? undefined : member(body.auth, 'type');
      if (stage !== STAGE) return askForStage(stage, randomText(SESSION_BYTES));
      if (!body.password) throw missingParam('body: password is missing');
      requireStrongPassword(body.password);
      const userId = await accounts.register({ localpart, password: body.password });
      if (body.inhibit_login) return { user_id: userId };
      const session = await accounts.openSession(userId, readDevice(body));
      return { user_id: userId, access_token: session.accessToken, device_id: session.deviceId };
    },
  });
}

/** Source: client-server API, "User-interactive API in the REST API". */
function askForStage(tried: JsonValue | undefined, session: string): Answer {
  const error = { errcode: 'M_UNRECOGNIZED', error: 'There is no such stage here.' };
  return new Answer(401, {
    flows: [{ stages: [STAGE] }],
    params: {},
    completed: [],
    session,
    ...(tried === undefined ? {} : error),
  });
}
