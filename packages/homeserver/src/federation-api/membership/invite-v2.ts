import { findRoomVersion, parseEventId, parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { AnyObject, defineRoute } from '../../http/index.ts';
import type { Route } from '../../http/index.ts';
import { incompatibleRoomVersion } from '../../matrix-error.ts';
import type { AccountPorts } from '../../membership/is-absent-here.ts';
import type { ServerAccess } from '../server-access.ts';
import { requireInvitedUser } from './require-invited-user.ts';

/** State that describes the room to the invited; a room of a hundred such events is well described. */
export const MAX_INVITE_STATE = 100;

export interface InvitePorts extends AccountPorts {
  readonly engine: Pick<RoomEngine, 'receiveInvite'>;
  readonly access: ServerAccess;
}

/** `PUT /v2/invite/{roomId}/{eventId}` */
export function inviteV2(ports: InvitePorts): Route {
  const { engine, access } = ports;
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/federation/v2/invite/{roomId}/{eventId}',
    auth: 'federation',
    params: { roomId: parseRoomId, eventId: parseEventId },
    body: Type.Object({
      room_version: Type.String({ maxLength: 32 }),
      event: AnyObject,
      invite_room_state: Type.Optional(Type.Array(AnyObject, { maxItems: MAX_INVITE_STATE })),
    }),
    handler: async ({ origin, params, body }) => {
      const rules = findRoomVersion(body.room_version);
      if (rules === undefined) throw incompatibleRoomVersion(body.room_version);
      await access.requireNotDenied(params.roomId, origin);
      await requireInvitedUser(ports, body.event);
      const event = await engine.receiveInvite({
        origin,
        ...params,
        rules,
        event: body.event,
        inviteState: body.invite_room_state ?? [],
        via: [origin],
      });
      return { event };
    },
  });
}
