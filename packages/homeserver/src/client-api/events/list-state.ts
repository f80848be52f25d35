import type { Clock } from '@hansa/net';
import { parseRoomId } from '@hansa/protocol';
import { showStateEvent } from '../../client-events/show-events.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { roomAccess, type AccessReads } from '../../membership/room-access.ts';

interface Ports {
  readonly views: AccessReads;
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
      return (await state.list()).map((pdu) => showStateEvent(pdu, shown));
    },
  });
}
