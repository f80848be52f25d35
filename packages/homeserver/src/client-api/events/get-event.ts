import type { Clock } from '@hansa/net';
import { parseEventId, parseRoomId } from '@hansa/protocol';
import { getVisibleEvent } from '../../client-events/get-visible-event.ts';
import { showTimelineEvents } from '../../client-events/show-events.ts';
import type { VisibilityReads } from '../../client-events/visible-events.ts';
import { defineRoute, type Route } from '../../http/index.ts';

interface Ports {
  readonly views: VisibilityReads;
  readonly clock: Clock;
}

/** `GET /rooms/{roomId}/event/{eventId}` */
export function getEvent({ views, clock }: Ports): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/client/v3/rooms/{roomId}/event/{eventId}',
    auth: 'token',
    params: { roomId: parseRoomId, eventId: parseEventId },
    handler: async ({ session, params }) => {
      const visible = await getVisibleEvent(views, params, session.userId);
      const shown = { now: clock.now(), withoutRoomId: false };
      const view = { reader: session, shown };
      return (await showTimelineEvents(views, params.roomId, [visible], view))[0] ?? {};
    },
  });
}
