import { requireStrongPassword, type Accounts } from '@hansa/homeserver';
import type { UserId } from '@hansa/protocol';

export interface NewUser {
  readonly localpart: string;
  readonly password: string;
  readonly admin: boolean;
}

/** @throws MatrixError `M_WEAK_PASSWORD`, `M_INVALID_USERNAME`, `M_USER_IN_USE` */
export async function createUser(accounts: Accounts, user: NewUser): Promise<UserId> {
  requireStrongPassword(user.password);
  return accounts.register(user);
}
