import { isEventId, parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { serveEvents } from '../served-event.ts';
import { transactionOf } from './event-ports.ts';
import type { EventPorts } from './event-ports.ts';

const MAX_EVENTS = 100;
const MAX_STARTS = 100;

/** `GET /backfill/{roomId}`: the events named and those before them, newest first. */
export function backfill(ports: EventPorts): Route {
  const { views, access } = ports;
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/backfill/{roomId}',
    auth: 'federation',
    params: { roomId: parseRoomId },
    query: Type.Object({
      v: Type.Array(Type.String({ maxLength: 255 }), { minItems: 1, maxItems: MAX_STARTS }),
      limit: Type.Integer({ minimum: 0 }),
    }),
    handler: async ({ origin, params: { roomId }, query }) => {
      await access.requireResident(roomId, origin);
      const events = await views.walkBack({
        roomId,
        from: query.v.filter(isEventId),
        stopAt: new Set(),
        limit: Math.min(query.limit, MAX_EVENTS),
        minDepth: 0,
      });
      return transactionOf(ports, await serveEvents(views, events, origin));
    },
  });
}
