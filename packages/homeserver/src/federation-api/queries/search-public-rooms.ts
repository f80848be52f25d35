import { Type } from 'typebox';
import { listPublishedRooms } from '../../directory/list-published-rooms.ts';
import type { DirectoryPorts } from '../../directory/list-published-rooms.ts';
import { RoomFilterSchema } from '../../directory/room-filter.ts';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';

/** `POST /publicRooms`: the same with a filter. */
export function searchPublicRooms(ports: DirectoryPorts): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/federation/v1/publicRooms',
    auth: 'federation',
    body: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      since: Type.Optional(Type.String({ maxLength: 255 })),
      filter: Type.Optional(RoomFilterSchema),
    }),
    emptyBody: 'object',
    handler: async ({ body: { limit = 0, since, filter } }) =>
      await listPublishedRooms(ports, { limit, since, filter }),
  });
}
