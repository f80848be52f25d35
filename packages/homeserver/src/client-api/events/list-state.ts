import type { Clock } from '@hansa/net';
import { parseRoomId } from '@hansa/protocol';
import { formatStateEvent } from '../../client-events/format-event.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { roomAccess } from '../../membership/room-access.ts';

interface Ports {
  readonly views: Pick<RoomViews, 'currentState' | 'membershipsOf' | 'stateAtPosition'>;
  readonly clock: Clock;
}

/** `GET /rooms/{roomId}/state`: now, or as it was when the user left. */
export function listState({ views, clock }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/state',
    auth: 'token',
    params: { roomId: parseRoomId },
    handler: async ({ session, params }) => {
      const { state } = await roomAccess(views, params.roomId, session.userId);
      const shown = { now: clock.now(), withoutRoomId: false };
      return (await state.list()).map((pdu) => formatStateEvent(pdu, shown));
    },
  });
}
