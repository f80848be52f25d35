import type { Route } from '../../http/index.ts';
import type { EventPorts } from './event-ports.ts';
import { stateRoute } from './state-route.ts';

/** `GET /state/{roomId}`: the state before the event, and its auth chain. */
export function getState(ports: Pick<EventPorts, 'views' | 'access'>): Route {
  return stateRoute(ports, '/_matrix/federation/v1/state/{roomId}', ({ state, authChain }) => ({
    pdus: state.map((pdu) => pdu.json),
    auth_chain: authChain.map((pdu) => pdu.json),
  }));
}
