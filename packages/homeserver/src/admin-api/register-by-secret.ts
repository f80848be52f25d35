import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, Random } from '@hansa/net';
import type { ServerName } from '@hansa/protocol';
import { Type } from 'typebox';
import type { Accounts } from '../accounts/accounts.ts';
import { requireStrongPassword } from '../accounts/require-strong-password.ts';
import { defineRoute, type Route } from '../http/index.ts';
import { forbidden, invalidParam, MatrixError } from '../matrix-error.ts';
import { RegistrationNonces } from './registration-nonces.ts';

interface Ports {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly random: Random;
  readonly serverName: ServerName;
  /** Absent: nobody registers so. */
  readonly registrationSharedSecret: string | undefined;
}

const PATH = '/_synapse/admin/v1/register';
/** HMAC-SHA1, in hexadecimal. */
const MAC_CHARS = 40;

/** It parts the words of a mac: with one in a word, two requests would have the same. */
const WITHOUT_NUL = { pattern: '^[^\\u0000]+$' };

const Body = Type.Object({
  nonce: Type.String({ maxLength: 256 }),
  username: Type.String({ ...WITHOUT_NUL, maxLength: 255 }),
  displayname: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Null()])),
  password: Type.String({ ...WITHOUT_NUL, maxLength: 512 }),
  admin: Type.Optional(Type.Boolean()),
  user_type: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
  mac: Type.String({ pattern: `^[0-9a-fA-F]{${MAC_CHARS}}$` }),
});

/**
 * `GET` and `POST /_synapse/admin/v1/register`, by which Synapse's tools make accounts for whoever knows the secret.
 * Source: Synapse's documentation, "Shared-Secret Registration".
 */
export function registerBySecret(ports: Ports): readonly Route[] {
  const { accounts, serverName, registrationSharedSecret } = ports;
  const nonces = new RegistrationNonces(ports);
  const requireSecret = () => {
    if (registrationSharedSecret !== undefined) return registrationSharedSecret;
    throw new MatrixError(400, 'M_UNKNOWN', 'Shared secret registration is not enabled');
  };
  return [
    defineRoute({
      method: 'GET',
      path: PATH,
      auth: 'none',
      handler: async () => {
        requireSecret();
        return { nonce: nonces.create() };
      },
    }),
    defineRoute({
      method: 'POST',
      path: PATH,
      auth: 'none',
      body: Body,
      handler: async ({ body }) => {
        const secret = requireSecret();
        nonces.check(body.nonce);
        if (!isProven(body, secret)) throw forbidden('The mac is not that of the secret.');
        if (typeof body.user_type === 'string') throw invalidParam('There are no user types here.');
        requireStrongPassword(body.password);
        nonces.use(body.nonce);
        const { username: localpart, password, admin = false } = body;
        const displayName = body.displayname ?? undefined;
        const userId = await accounts.register({ localpart, password, admin, displayName });
        const session = await accounts.openSession(userId, {});
        return {
          user_id: userId,
          access_token: session.accessToken,
          device_id: session.deviceId,
          home_server: serverName,
        };
      },
    }),
  ];
}

interface Proven {
  readonly nonce: string;
  readonly username: string;
  readonly password: string;
  readonly admin?: boolean;
  readonly user_type?: string | null;
  readonly mac: string;
}

function isProven(body: Proven, secret: string): boolean {
  const role = body.admin === true ? 'admin' : 'notadmin';
  const type = typeof body.user_type === 'string' ? [body.user_type] : [];
  const words = [body.nonce, body.username, body.password, role, ...type];
  const ours = createHmac('sha1', secret).update(words.join('\0')).digest();
  return timingSafeEqual(ours, Buffer.from(body.mac, 'hex'));
}
