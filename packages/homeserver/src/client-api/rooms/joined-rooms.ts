import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';

/** `GET /joined_rooms` */
export function joinedRooms({
  views,
}: {
  readonly views: Pick<RoomViews, 'membershipsOf'>;
}): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/joined_rooms',
    auth: 'token',
    handler: async ({ session }) => {
      const memberships = await views.membershipsOf(session.userId);
      const joined = memberships.filter(({ membership }) => membership === 'join');
      return { joined_rooms: joined.map(({ roomId }) => roomId) };
    },
  });
}
