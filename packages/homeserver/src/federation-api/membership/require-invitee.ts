import { isUserId, member, serverOf } from '@hansa/protocol';
import type { JsonObject, ServerName } from '@hansa/protocol';
import type { AccountReader } from '@hansa/storage';
import { forbidden } from '../../matrix-error.ts';

/** Invites are kept for people, not for names. What is wrong with the event otherwise the engine says. */
export async function requireInvitee(
  ports: {
    readonly accounts: Pick<AccountReader, 'findAccount'>;
    readonly serverName: ServerName;
  },
  event: JsonObject,
): Promise<void> {
  const target = member(event, 'state_key');
  if (typeof target !== 'string' || !isUserId(target)) return;
  if (serverOf(target) !== ports.serverName) return;
  const account = await ports.accounts.findAccount(target);
  if (account === undefined || account.deactivatedAt !== undefined) {
    throw forbidden('There is no such user.');
  }
}
