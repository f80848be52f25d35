import { serverOf } from '@hansa/protocol';
import type { ServerName, UserId } from '@hansa/protocol';
import type { StateKey } from '@hansa/storage';
import { forbidden, notFound } from '../../matrix-error.ts';
import type { Environment } from '../environment.ts';
import { settleFor } from '../funnel/advance-room.ts';
import { lookUpKeys } from '../funnel/authorise.ts';
import type { RoomDraft } from '../room/room-draft.ts';

const SERVER_ACL: StateKey = ['m.room.server_acl', ''];

/** Refuses where we are not in the room, and servers that its ACL keeps out. */
export async function requireResident(
  env: Pick<Environment, 'acls'>,
  draft: RoomDraft,
  origin: ServerName,
): Promise<void> {
  if (draft.head?.residence !== 'joined') throw notFound('This server is not in the room.');
  if (!(await isAllowedServer(env, draft, origin))) {
    throw forbidden('Your server is not allowed in this room.');
  }
}

export async function isAllowedServer(
  { acls }: Pick<Environment, 'acls'>,
  draft: RoomDraft,
  origin: ServerName,
): Promise<boolean> {
  await settleFor(draft, [SERVER_ACL]);
  const { current } = draft.getHead();
  if (current === undefined) return true;
  const lookup = await lookUpKeys(draft, current, [SERVER_ACL]);
  return acls.allows(lookup('m.room.server_acl', ''), origin);
}

export function requireUserOf(origin: ServerName, userId: UserId): void {
  if (serverOf(userId) !== origin) throw forbidden('The user is not one of your server.');
}
