import { parseUserId, serverOf } from '@hansa/protocol';
import type { ServerName, UserId } from '@hansa/protocol';
import { invalidParam } from '../matrix-error.ts';

/** A user id that must be one of ours, whether or not the user exists; `name` is that of the parameter. */
export function localUser(name: string, text: string, serverName: ServerName): UserId {
  const userId = parseUserId(text);
  if (!userId.ok) throw invalidParam(`${name}: ${userId.reason}`);
  if (serverOf(userId.value) !== serverName) {
    throw invalidParam(`${name}: is not a user of this server`);
  }
  return userId.value;
}
