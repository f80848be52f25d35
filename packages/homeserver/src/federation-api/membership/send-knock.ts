import { parseEventId, parseRoomId } from '@hansa/protocol';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { AnyObject, defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import type { ServerAccess } from '../server-access.ts';

/** `PUT /send_knock/{roomId}/{eventId}` */
export function sendKnock(ports: {
  readonly engine: Pick<RoomEngine, 'acceptKnock'>;
  readonly access: ServerAccess;
}): Route {
  const { engine, access } = ports;
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/federation/v1/send_knock/{roomId}/{eventId}',
    auth: 'federation',
    params: { roomId: parseRoomId, eventId: parseEventId },
    body: AnyObject,
    handler: async ({ origin, params, body }) => {
      await access.requireAllowed(params.roomId, origin);
      const knock = { origin, ...params, event: body };
      return { knock_room_state: await engine.acceptKnock(knock) };
    },
  });
}
