import { serverOf, type ServerName, type UserId } from '@hansa/protocol';
import type { AccountReader } from '@hansa/storage';

export interface AccountPorts {
  readonly accounts: Pick<AccountReader, 'findAccount'>;
  readonly serverName: ServerName;
}

/** Whether a user id is one of ours that belongs to nobody. Of other servers' users only those know. */
export async function isAbsentHere(
  { accounts, serverName }: AccountPorts,
  userId: UserId,
): Promise<boolean> {
  if (serverOf(userId) !== serverName) return false;
  const account = await accounts.findAccount(userId);
  return account === undefined || account.deactivatedAt !== undefined;
}
