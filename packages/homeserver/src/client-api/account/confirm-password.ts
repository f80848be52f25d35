import type { Random } from '@hansa/net';
import type { Static } from 'typebox';
import { Type } from 'typebox';
import type { UserId } from '@hansa/protocol';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Answer } from '../../http/index.ts';
import { forbidden, MatrixError } from '../../matrix-error.ts';
import { askForStage, noSuchStage } from './ask-for-stage.ts';
import { PASSWORD_LOGIN_FIELDS, readPasswordLogin } from './password-login.ts';

export interface ConfirmationPorts {
  readonly accounts: Pick<Accounts, 'checkPassword'>;
  readonly random: Random;
}

const STAGE = 'm.login.password';

/** The member `auth` of a request that asks for the password once more. */
export const PasswordAuth = Type.Optional(
  Type.Object({
    /** Clients may send the session alone, to hear where they stand. */
    type: Type.Optional(Type.String({ maxLength: 64 })),
    session: Type.Optional(Type.String({ maxLength: 64 })),
    ...PASSWORD_LOGIN_FIELDS,
  }),
);

interface Confirmation {
  readonly auth: Static<typeof PasswordAuth> | undefined;
  readonly userId: UserId;
  readonly remoteAddress: string;
}

/**
 * Whoever found a device unlocked does not end all others: answers what is still to be shown, `undefined` once the
 * password of the user was. Source: client-server API, "User-Interactive Authentication API".
 * @throws MatrixError `M_LIMIT_EXCEEDED`, `M_BAD_JSON`
 */
export async function confirmPassword(
  { accounts, random }: ConfirmationPorts,
  { auth, userId, remoteAddress }: Confirmation,
): Promise<Answer | undefined> {
  if (auth?.type === undefined) return askForStage(STAGE, random);
  if (auth.type !== STAGE) return askForStage(STAGE, random, noSuchStage());
  try {
    const whose = await accounts.checkPassword({ ...readPasswordLogin(auth), remoteAddress });
    if (whose === userId) return undefined;
    throw forbidden('This is the password of another user.');
  } catch (error) {
    if (!(error instanceof MatrixError) || error.errcode !== 'M_FORBIDDEN') throw error;
    return askForStage(STAGE, random, error);
  }
}
