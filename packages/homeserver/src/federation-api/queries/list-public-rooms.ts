import { Type } from 'typebox';
import { listPublishedRooms } from '../../directory/list-published-rooms.ts';
import type { DirectoryPorts } from '../../directory/list-published-rooms.ts';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';

/** `GET /publicRooms` */
export function listPublicRooms(ports: DirectoryPorts): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/publicRooms',
    auth: 'federation',
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      since: Type.Optional(Type.String({ maxLength: 255 })),
    }),
    handler: async ({ query: { limit = 0, since } }) =>
      await listPublishedRooms(ports, { limit, since }),
  });
}
