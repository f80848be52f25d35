import { parseRoomAlias } from '@hansa/protocol';
import type { ResolveAlias } from '../../directory/resolve-alias.ts';
import { defineRoute, type Route } from '../../http/index.ts';

/** `GET /directory/room/{roomAlias}`, of any server */
export function getAlias({ resolveAlias }: { readonly resolveAlias: ResolveAlias }): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/directory/room/{roomAlias}',
    auth: 'none',
    params: { roomAlias: parseRoomAlias },
    handler: async ({ params }) => {
      const { roomId, servers } = await resolveAlias(params.roomAlias);
      return { room_id: roomId, servers };
    },
  });
}
