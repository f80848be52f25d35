import { parseRoomId } from '@hansa/protocol';
import type { DirectoryReader } from '@hansa/storage';
import { MAX_ALIASES } from '../../directory/alias-reservations.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { forbidden } from '../../matrix-error.ts';
import { roomAccess, type AccessReads } from '../../membership/room-access.ts';

interface Ports {
  readonly views: AccessReads;
  readonly directory: Pick<DirectoryReader, 'listAliases'>;
}

/** `GET /rooms/{roomId}/aliases`: for those who are in the room, and for everybody where it is world-readable. */
export function listAliases({ views, directory }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/aliases',
    auth: 'token',
    params: { roomId: parseRoomId },
    handler: async ({ session, params: { roomId } }) => {
      const { upTo } = await roomAccess(views, roomId, session.userId);
      if (upTo !== Infinity) throw forbidden('You are not in this room any more.');
      return { aliases: await directory.listAliases(roomId, MAX_ALIASES) };
    },
  });
}
