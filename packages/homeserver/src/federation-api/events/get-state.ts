import { parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import type { EventPorts } from './event-ports.ts';
import { readEventId } from './read-event-id.ts';
import { stateAt } from './state-at.ts';

/** `GET /state/{roomId}`: the state before the event, and its auth chain. */
export function getState(ports: Pick<EventPorts, 'views' | 'access'>): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/state/{roomId}',
    auth: 'federation',
    params: { roomId: parseRoomId },
    query: Type.Object({ event_id: Type.String({ maxLength: 255 }) }),
    handler: async ({ origin, params: { roomId }, query }) => {
      const eventId = readEventId(query.event_id);
      const { state, authChain } = await stateAt(ports, { origin, roomId, eventId });
      return { pdus: state.map((pdu) => pdu.json), auth_chain: authChain.map((pdu) => pdu.json) };
    },
  });
}
