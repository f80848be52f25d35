import { parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute } from '../../http/index.ts';
import type { JsonBody, Route } from '../../http/index.ts';
import type { EventPorts } from './event-ports.ts';
import { readEventId } from './read-event-id.ts';
import { stateAt } from './state-at.ts';
import type { StateAt } from './state-at.ts';

/** An endpoint that answers with the state before an event, in a form of its own. */
export function stateRoute(
  ports: Pick<EventPorts, 'views' | 'access'>,
  path: string,
  render: (state: StateAt) => JsonBody,
): Route {
  return defineRoute({
    method: 'GET',
    path,
    auth: 'federation',
    params: { roomId: parseRoomId },
    query: Type.Object({ event_id: Type.String({ maxLength: 255 }) }),
    handler: async ({ origin, params: { roomId }, query }) => {
      const eventId = readEventId(query.event_id);
      return render(await stateAt(ports, { origin, roomId, eventId }));
    },
  });
}
