import { parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import type { EventPorts } from './event-ports.ts';
import { readEventId } from './read-event-id.ts';
import { stateAt } from './state-at.ts';

/** `GET /state_ids/{roomId}`: the same as `/state`, by event ids. */
export function getStateIds(ports: Pick<EventPorts, 'views' | 'access'>): Route {
  return defineRoute({
    method: 'GET',
    path: '/_matrix/federation/v1/state_ids/{roomId}',
    auth: 'federation',
    params: { roomId: parseRoomId },
    query: Type.Object({ event_id: Type.String({ maxLength: 255 }) }),
    handler: async ({ origin, params: { roomId }, query }) => {
      const eventId = readEventId(query.event_id);
      const { state, authChain } = await stateAt(ports, { origin, roomId, eventId });
      return {
        pdu_ids: state.map((pdu) => pdu.eventId),
        auth_chain_ids: authChain.map((pdu) => pdu.eventId),
      };
    },
  });
}
