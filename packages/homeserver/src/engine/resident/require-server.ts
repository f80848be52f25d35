import { compileAcl, serverOf } from '@hansa/protocol';
import type { ServerName, UserId } from '@hansa/protocol';
import { forbidden, notFound } from '../../matrix-error.ts';
import { lookUpKeys } from '../funnel/authorise.ts';
import type { RoomDraft } from '../room/room-draft.ts';

/** Refuses where we are not in the room, and servers that its ACL keeps out. */
export async function requireResident(draft: RoomDraft, origin: ServerName): Promise<void> {
  if (draft.head?.residence !== 'joined') throw notFound('This server is not in the room.');
  if (!(await isAllowedServer(draft, origin))) {
    throw forbidden('Your server is not allowed in this room.');
  }
}

export async function isAllowedServer(draft: RoomDraft, origin: ServerName): Promise<boolean> {
  const { current } = draft.getHead();
  if (current === undefined) return true;
  const lookup = await lookUpKeys(draft, current, [['m.room.server_acl', '']]);
  return compileAcl(lookup('m.room.server_acl', '')?.content).allows(origin);
}

export function requireUserOf(origin: ServerName, userId: UserId): void {
  if (serverOf(userId) !== origin) throw forbidden('The user is not one of your server.');
}
