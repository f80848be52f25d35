import type { Clock } from '@hansa/net';
import { parseEventId, parseRoomId } from '@hansa/protocol';
import { showTimelineEvents } from '../../client-events/show-events.ts';
import { visibleEvents } from '../../client-events/visible-events.ts';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';

interface Ports {
  readonly views: Pick<RoomViews, 'currentState' | 'findEvent' | 'stateBefore'>;
  readonly clock: Clock;
}

/** `GET /rooms/{roomId}/event/{eventId}`: what a user may not see does not exist for them. */
export function getEvent({ views, clock }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/event/{eventId}',
    auth: 'token',
    params: { roomId: parseRoomId, eventId: parseEventId },
    handler: async ({ session, params: { roomId, eventId } }) => {
      const found = await views.findEvent(roomId, eventId);
      const isShown = found?.verdict === 'accepted' && found.place === 'timeline';
      const visible = isShown ? await visibleEvents(views, roomId, session.userId, [found]) : [];
      const shown = { now: clock.now(), withoutRoomId: false };
      const [event] = await showTimelineEvents(views, roomId, visible, { reader: session, shown });
      if (event === undefined) throw notFound('There is no such event, or you may not see it.');
      return event;
    },
  });
}
