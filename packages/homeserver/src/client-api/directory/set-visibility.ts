import { parseRoomId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import { Type } from 'typebox';
import { requireRoomOwner } from '../../directory/owner-rights.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';

interface Ports {
  readonly store: Pick<Store, 'readers' | 'transact'>;
  readonly views: Pick<RoomViews, 'currentState' | 'findRoom'>;
}

/** `PUT /directory/list/room/{roomId}`, by the room's owners */
export function setVisibility({ store, views }: Ports): Route {
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/client/v3/directory/list/room/{roomId}',
    auth: 'token',
    params: { roomId: parseRoomId },
    body: Type.Object({
      visibility: Type.Optional(Type.Union([Type.Literal('public'), Type.Literal('private')])),
    }),
    emptyBody: 'object',
    handler: async ({ session, params: { roomId }, body: { visibility = 'public' } }) => {
      if ((await views.findRoom(roomId)) === undefined) throw notFound('There is no such room.');
      const { accounts } = store.readers;
      await requireRoomOwner({ accounts, views }, roomId, session.userId);
      await store.transact(({ directory }) => {
        directory.setPublished(roomId, visibility === 'public');
      });
      return {};
    },
  });
}
