import type { Route } from '../../http/index.ts';
import type { EventPorts } from './event-ports.ts';
import { stateRoute } from './state-route.ts';

/** `GET /state_ids/{roomId}`: the same as `/state`, by event ids. */
export function getStateIds(ports: Pick<EventPorts, 'views' | 'access'>): Route {
  return stateRoute(ports, '/_matrix/federation/v1/state_ids/{roomId}', ({ state, authChain }) => ({
    pdu_ids: state.map((pdu) => pdu.eventId),
    auth_chain_ids: authChain.map((pdu) => pdu.eventId),
  }));
}
