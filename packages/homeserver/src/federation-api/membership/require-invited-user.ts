import { isUserId, member } from '@hansa/protocol';
import type { JsonObject } from '@hansa/protocol';
import { forbidden } from '../../matrix-error.ts';
import { isAbsentHere, type AccountPorts } from '../../membership/is-absent-here.ts';

/**
 * Invites are kept for people, not for names. What is wrong with the event otherwise the engine says.
 * @throws MatrixError `M_FORBIDDEN`, as servers are told, for one of our own user ids that belongs to nobody
 */
export async function requireInvitedUser(ports: AccountPorts, event: JsonObject): Promise<void> {
  const target = member(event, 'state_key');
  if (typeof target !== 'string' || !isUserId(target)) return;
  if (await isAbsentHere(ports, target)) throw forbidden(`There is no user ${target}.`);
}
