import { parseRoomAlias, serverOfAlias } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import type { DirectoryReader } from '@hansa/storage';
import { Type } from 'typebox';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { invalidParam, notFound } from '../../matrix-error.ts';

/** `GET /query/directory`: aliases of ours, and who is in their rooms, ourselves first. */
export function queryDirectory(ports: {
  readonly directory: Pick<DirectoryReader, 'findAlias'>;
  readonly views: Pick<RoomViews, 'joinedServers'>;
  readonly serverName: ServerName;
}): Route {
  const { directory, views, serverName } = ports;
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/query/directory',
    auth: 'federation',
    query: Type.Object({ room_alias: Type.String({ maxLength: 255 }) }),
    handler: async ({ query }) => {
      const alias = parseRoomAlias(query.room_alias);
      if (!alias.ok) throw invalidParam(`query: room_alias: ${alias.reason}`);
      // Another server answers for its own: what we know of it is of the time when we asked.
      const isOurs = serverOfAlias(alias.value) === serverName;
      const entry = isOurs ? await directory.findAlias(alias.value) : undefined;
      if (entry === undefined) throw notFound('There is no room with this alias.');
      const servers = new Set([serverName, ...(await views.joinedServers(entry.roomId))]);
      return { room_id: entry.roomId, servers: [...servers] };
    },
  });
}
