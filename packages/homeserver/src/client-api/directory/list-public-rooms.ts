import { Type } from 'typebox';
import type { FindPublicRooms } from '../../directory/find-public-rooms.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { DirectoryServer, readDirectoryServer } from './directory-server.ts';

/** `GET /publicRooms`, of any server */
export function listPublicRooms({
  findPublicRooms,
}: {
  readonly findPublicRooms: FindPublicRooms;
}): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/publicRooms',
    auth: 'none',
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      since: Type.Optional(Type.String({ maxLength: 255 })),
      server: DirectoryServer,
    }),
    handler: async ({ query: { limit = 0, since, server } }) =>
      findPublicRooms(readDirectoryServer(server), { limit, since }),
  });
}
