import { parseRoomId } from '@hansa/protocol';
import type { Store } from '@hansa/storage';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { notFound, stillInRoom } from '../../matrix-error.ts';

interface Ports {
  readonly store: Pick<Store, 'transact'>;
  readonly views: Pick<RoomViews, 'membershipsOf'>;
}

/** `POST /rooms/{roomId}/forget`: of a room that was left, nothing is shown any more until there is another invite or join. */
export function forget({ store, views }: Ports): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/rooms/{roomId}/forget',
    auth: 'token',
    params: { roomId: parseRoomId },
    handler: async ({ session: { userId }, params: { roomId } }) => {
      const memberships = await views.membershipsOf(userId);
      const own = memberships.find((membership) => membership.roomId === roomId);
      if (own === undefined) throw notFound('You were never in this room.');
      const { membership, position } = own;
      if (membership !== 'leave' && membership !== 'ban') throw stillInRoom(membership);
      await store.transact(({ rooms }) => rooms.forget({ roomId, userId, position }));
      return {};
    },
  });
}
