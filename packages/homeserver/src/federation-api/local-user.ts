import { parseUserId, serverOf } from '@hansa/protocol';
import type { ServerName, UserId } from '@hansa/protocol';
import { invalidParam } from '../matrix-error.ts';

/** A user id that must be one of ours, whether or not the user exists. */
export function localUser(text: string, serverName: ServerName): UserId {
  const userId = parseUserId(text);
  if (!userId.ok) throw invalidParam(userId.reason);
  if (serverOf(userId.value) !== serverName)
    throw invalidParam('The user is not one of this server.');
  return userId.value;
}
