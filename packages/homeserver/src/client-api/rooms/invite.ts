import { parseRoomId, parseUserId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { badJson, invalidParam, noThirdPartyIds } from '../../matrix-error.ts';
import type { AccountPorts } from '../../membership/is-absent-here.ts';
import { requireInvitee } from '../../membership/require-invitee.ts';
import { REASON, withReason } from './reason.ts';

interface Ports extends AccountPorts {
  readonly engine: Pick<RoomEngine, 'invite'>;
}

/** `POST /rooms/{roomId}/invite`, of somebody on any server */
export function invite(ports: Ports): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/rooms/{roomId}/invite',
    auth: 'token',
    params: { roomId: parseRoomId },
    body: Type.Object({
      user_id: Type.Optional(Type.String({ maxLength: 255 })),
      /** Names somebody by address, in place of the user id. */
      id_server: Type.Optional(Type.String({ maxLength: 255 })),
      ...REASON,
    }),
    handler: async ({ session, params, body }) => {
      if (body.id_server !== undefined) throw noThirdPartyIds();
      if (body.user_id === undefined) throw badJson('body: user_id is missing');
      const target = parseUserId(body.user_id);
      if (!target.ok) throw invalidParam(`user_id: ${target.reason}`);
      await requireInvitee(ports, target.value);
      await ports.engine.invite({
        roomId: params.roomId,
        sender: session.userId,
        target: target.value,
        content: withReason(body),
      });
      return {};
    },
  });
}
