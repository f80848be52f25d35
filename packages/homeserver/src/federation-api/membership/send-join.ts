import { parseEventId, parseRoomId } from '@hansa/protocol';
import type { ServerName } from '@hansa/protocol';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { AnyObject, defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import type { ServerAccess } from '../server-access.ts';

/** `PUT /v2/send_join/{roomId}/{eventId}`: always with the whole state. */
export function sendJoin(ports: {
  readonly engine: Pick<RoomEngine, 'acceptJoin'>;
  readonly access: ServerAccess;
  readonly serverName: ServerName;
}): Route {
  const { engine, access, serverName } = ports;
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/federation/v2/send_join/{roomId}/{eventId}',
    auth: 'federation',
    params: { roomId: parseRoomId, eventId: parseEventId },
    body: AnyObject,
    handler: async ({ origin, params, body }) => {
      await access.requireAllowed(params.roomId, origin);
      const accepted = await engine.acceptJoin({ origin, ...params, event: body });
      return {
        origin: serverName,
        event: accepted.event.json,
        state: accepted.state.map((pdu) => pdu.json),
        auth_chain: accepted.authChain.map((pdu) => pdu.json),
        members_omitted: false,
        servers_in_room: accepted.serversInRoom,
      };
    },
  });
}
