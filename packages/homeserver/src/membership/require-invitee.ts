import type { UserId } from '@hansa/protocol';
import { notFound } from '../matrix-error.ts';
import { isAbsentHere, type AccountPorts } from './is-absent-here.ts';

/**
 * The specification leaves it open whether somebody may be invited who does not exist; an invite that nobody can ever
 * accept is a name mistyped.
 * @throws MatrixError `M_NOT_FOUND` for one of our own user ids that belongs to nobody
 */
export async function requireInvitee(ports: AccountPorts, target: UserId): Promise<void> {
  if (await isAbsentHere(ports, target)) {
    throw notFound(`There is no user ${target}: nobody was invited.`);
  }
}
