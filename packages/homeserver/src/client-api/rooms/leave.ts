import { parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { REASON, withReason } from './reason.ts';

/** `POST /rooms/{roomId}/leave`: also rejects an invite and takes back a knock. */
export function leave({ engine }: { readonly engine: Pick<RoomEngine, 'leave'> }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/rooms/{roomId}/leave',
    auth: 'token',
    params: { roomId: parseRoomId },
    body: Type.Object(REASON),
    emptyBody: 'object',
    handler: async ({ session, params, body }) => {
      const { roomId } = params;
      await engine.leave({ roomId, userId: session.userId, content: withReason(body) });
      return {};
    },
  });
}
