import { parseEventId, parseRoomId } from '@hansa/protocol';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { AnyObject, defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import type { ServerAccess } from '../server-access.ts';

/** `PUT /v2/send_leave/{roomId}/{eventId}` */
export function sendLeave(ports: {
  readonly engine: Pick<RoomEngine, 'acceptLeave'>;
  readonly access: ServerAccess;
}): Route {
  const { engine, access } = ports;
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/federation/v2/send_leave/{roomId}/{eventId}',
    auth: 'federation',
    params: { roomId: parseRoomId, eventId: parseEventId },
    body: AnyObject,
    handler: async ({ origin, params, body }) => {
      await access.requireAllowed(params.roomId, origin);
      await engine.acceptLeave({ origin, ...params, event: body });
      return {};
    },
  });
}
