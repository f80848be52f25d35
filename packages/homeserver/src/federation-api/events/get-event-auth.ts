import { parseEventId, parseRoomId } from '@hansa/protocol';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { notFound } from '../../matrix-error.ts';
import type { EventPorts } from './event-ports.ts';

/** `GET /event_auth/{roomId}/{eventId}`: the auth chain of an event, without the event itself. */
export function getEventAuth({ views, access }: Pick<EventPorts, 'views' | 'access'>): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/event_auth/{roomId}/{eventId}',
    auth: 'federation',
    params: { roomId: parseRoomId, eventId: parseEventId },
    handler: async ({ origin, params: { roomId, eventId } }) => {
      await access.requireResident(roomId, origin);
      const stored = await views.findEvent(roomId, eventId);
      if (stored === undefined) throw notFound('This server does not have the event.');
      const chain = await views.authChain(roomId, [eventId]);
      const others = chain.filter((pdu) => pdu.eventId !== eventId);
      return { auth_chain: others.map((pdu) => pdu.json) };
    },
  });
}
