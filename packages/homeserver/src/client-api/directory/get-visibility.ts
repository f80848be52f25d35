import { parseRoomId } from '@hansa/protocol';
import type { DirectoryReader } from '@hansa/storage';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';

interface Ports {
  readonly views: Pick<RoomViews, 'findRoom'>;
  readonly directory: Pick<DirectoryReader, 'isPublished'>;
}

/** `GET /directory/list/room/{roomId}` */
export function getVisibility({ views, directory }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/directory/list/room/{roomId}',
    auth: 'none',
    params: { roomId: parseRoomId },
    handler: async ({ params: { roomId } }) => {
      if ((await views.findRoom(roomId)) === undefined) throw notFound('There is no such room.');
      return { visibility: (await directory.isPublished(roomId)) ? 'public' : 'private' };
    },
  });
}
