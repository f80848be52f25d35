import { Type } from 'typebox';
import type { FindPublicRooms } from '../../directory/find-public-rooms.ts';
import { RoomFilterSchema } from '../../directory/room-filter.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { DirectoryServer, readDirectoryServer } from './directory-server.ts';

/** `POST /publicRooms`: the same with a filter. No network of another kind is known here, so none has rooms. */
export function searchPublicRooms({
  findPublicRooms,
}: {
  readonly findPublicRooms: FindPublicRooms;
}): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/publicRooms',
    auth: 'token',
    query: Type.Object({ server: DirectoryServer }),
    body: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      since: Type.Optional(Type.String({ maxLength: 255 })),
      filter: Type.Optional(RoomFilterSchema),
      include_all_networks: Type.Optional(Type.Boolean()),
      third_party_instance_id: Type.Optional(Type.String({ maxLength: 255 })),
    }),
    emptyBody: 'object',
    handler: async ({ query, body: { limit = 0, since, filter, ...networks } }) => {
      if (networks.third_party_instance_id !== undefined) return { chunk: [] };
      return findPublicRooms(readDirectoryServer(query.server), { limit, since, filter });
    },
  });
}
