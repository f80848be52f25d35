import { Type } from 'typebox';
import { listPublishedRooms } from '../../directory/list-published-rooms.ts';
import type { DirectoryPorts } from '../../directory/list-published-rooms.ts';
import type { PublishedRoom } from '../../directory/published-room.ts';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';

const RoomType = Type.Union([Type.String({ maxLength: 255 }), Type.Null()]);

/** `POST /publicRooms`: the same with a filter. */
export function searchPublicRooms(ports: DirectoryPorts): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/federation/v1/publicRooms',
    auth: 'federation',
    body: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      since: Type.Optional(Type.String({ maxLength: 255 })),
      filter: Type.Optional(
        Type.Object({
          generic_search_term: Type.Optional(Type.String({ maxLength: 500 })),
          room_types: Type.Optional(Type.Array(RoomType, { maxItems: 50 })),
        }),
      ),
    }),
    emptyBody: 'object',
    handler: async ({ body: { limit = 0, since, filter = {} } }) => {
      const { generic_search_term: term = '', room_types: types } = filter;
      return await listPublishedRooms(ports, {
        limit,
        ...(since === undefined ? {} : { since }),
        takes: (room) => isOfType(room, types) && mentions(room, term.toLowerCase()),
      });
    },
  });
}

/** `null` stands for rooms without a type. */
function isOfType(room: PublishedRoom, types: readonly (string | null)[] | undefined): boolean {
  return types === undefined || types.includes(room.room_type ?? null);
}

function mentions({ name, topic, canonical_alias: alias }: PublishedRoom, term: string): boolean {
  return [name, topic, alias].some((text = '') => text.toLowerCase().includes(term));
}
