import { parseRoomId, parseUserId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { invalidParam } from '../../matrix-error.ts';
import { REASON, withReason } from './reason.ts';

/** `POST /rooms/{roomId}/invite`, of somebody on any server */
export function invite({ engine }: { readonly engine: Pick<RoomEngine, 'invite'> }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/rooms/{roomId}/invite',
    auth: 'token',
    params: { roomId: parseRoomId },
    body: Type.Object({ user_id: Type.String({ maxLength: 255 }), ...REASON }),
    handler: async ({ session, params, body }) => {
      const target = parseUserId(body.user_id);
      if (!target.ok) throw invalidParam(`user_id: ${target.reason}`);
      await engine.invite({
        roomId: params.roomId,
        sender: session.userId,
        target: target.value,
        content: withReason(body),
      });
      return {};
    },
  });
}
