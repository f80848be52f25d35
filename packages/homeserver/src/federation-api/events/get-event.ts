import { parseEventId } from '@hansa/protocol';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import { serveEvent } from '../served-event.ts';
import { transactionOf } from './event-ports.ts';
import type { EventPorts } from './event-ports.ts';

/** `GET /event/{eventId}`, soft-failed ones and outliers included. */
export function getEvent(ports: EventPorts): Route {
  const { views, access } = ports;
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/event/{eventId}',
    auth: 'federation',
    params: { eventId: parseEventId },
    handler: async ({ origin, params: { eventId } }) => {
      const roomId = await views.findRoomOf(eventId);
      if (roomId === undefined) throw notFound('This server does not have the event.');
      await access.requireResident(roomId, origin);
      const stored = await views.findEvent(roomId, eventId);
      if (stored?.verdict !== 'accepted' && stored?.verdict !== 'soft-failed') {
        throw notFound('This server does not have the event.');
      }
      return transactionOf(ports, [await serveEvent(views, stored, origin)]);
    },
  });
}
