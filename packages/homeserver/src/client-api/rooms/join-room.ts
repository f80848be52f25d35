import { parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import { defineRoute, type Route } from '../../http/index.ts';
import type { EnterRooms } from '../../membership/enter-rooms.ts';
import { REASON, withReason } from './reason.ts';

/** `POST /rooms/{roomId}/join` */
export function joinRoom({ joins }: { readonly joins: EnterRooms }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/rooms/{roomId}/join',
    auth: 'token',
    params: { roomId: parseRoomId },
    body: Type.Object(REASON),
    emptyBody: 'object',
    handler: async ({ session, params, body }) => {
      const content = withReason(body);
      const roomId = await joins.byId({ userId: session.userId, roomId: params.roomId, content });
      return { room_id: roomId };
    },
  });
}
