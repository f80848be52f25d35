import { isUserId, isObject, member, serverOf } from '@hansa/protocol';
import type { JsonObject, ServerName } from '@hansa/protocol';

/** More need not be named: few are asked. */
const MAX_NAMED = 10;

/** Servers that may know the keys of those that do not answer: the one that lets us in, then others that it says are in the room. */
export function notariesOf(
  resident: ServerName,
  state: readonly JsonObject[],
): readonly ServerName[] {
  const servers = new Set([resident]);
  for (const event of state) {
    if (servers.size >= MAX_NAMED) break;
    const userId = member(event, 'state_key');
    const content = member(event, 'content');
    if (member(event, 'type') !== 'm.room.member' || typeof userId !== 'string') continue;
    if (!isUserId(userId) || !isObject(content) || member(content, 'membership') !== 'join')
      continue;
    servers.add(serverOf(userId));
  }
  return [...servers];
}
