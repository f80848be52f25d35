import { isEventId, parseRoomId } from '@hansa/protocol';
import type { EventId, RoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RoomViews } from '../../engine/room-views.ts';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { serveEvents } from '../served-event.ts';
import type { EventPorts } from './event-ports.ts';

const DEFAULT_EVENTS = 10;
const MAX_EVENTS = 20;
/** Extremities of a room on either side, where there are far too many of them. */
const MAX_NAMED = 500;

const EventIds = Type.Array(Type.String({ maxLength: 255 }), { maxItems: MAX_NAMED });

/** `POST /get_missing_events/{roomId}`: what lies between, oldest first, as it is to be worked through. */
export function getMissingEvents({ views, access }: EventPorts): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/federation/v1/get_missing_events/{roomId}',
    auth: 'federation',
    params: { roomId: parseRoomId },
    body: Type.Object({
      earliest_events: EventIds,
      latest_events: EventIds,
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      min_depth: Type.Optional(Type.Integer()),
    }),
    handler: async ({ origin, params: { roomId }, body }) => {
      await access.requireResident(roomId, origin);
      const latest = body.latest_events.filter(isEventId);
      const events = await views.walkBack({
        roomId,
        from: await parentsOf(views, roomId, latest),
        stopAt: new Set([...body.earliest_events.filter(isEventId), ...latest]),
        limit: Math.min(body.limit ?? DEFAULT_EVENTS, MAX_EVENTS),
        minDepth: body.min_depth ?? 0,
      });
      return { events: await serveEvents(views, events.toReversed(), origin) };
    },
  });
}

async function parentsOf(
  views: Pick<RoomViews, 'findEvent'>,
  roomId: RoomId,
  eventIds: readonly EventId[],
): Promise<readonly EventId[]> {
  const parents = new Set<EventId>();
  for (const eventId of eventIds) {
    const stored = await views.findEvent(roomId, eventId);
    for (const parent of stored?.pdu.prevEvents ?? []) parents.add(parent);
  }
  return [...parents];
}
