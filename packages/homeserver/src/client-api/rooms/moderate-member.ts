import { parseRoomId, parseUserId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { invalidParam } from '../../matrix-error.ts';
import { REASON, withReason } from './reason.ts';

interface Action {
  readonly verb: 'kick' | 'ban' | 'unban';
  readonly membership: 'leave' | 'ban';
}

/** `POST /rooms/{roomId}/kick`, `/ban` and `/unban`: somebody else's membership; the room's rules say who may. */
export function moderateMember(
  { engine }: { readonly engine: Pick<RoomEngine, 'send'> },
  { verb, membership }: Action,
): Route {
  return defineRoute({
    method: 'POST',
    path: `/_matrix/client/v3/rooms/{roomId}/${verb}`,
    auth: 'token',
    params: { roomId: parseRoomId },
    body: Type.Object({ user_id: Type.String({ maxLength: 255 }), ...REASON }),
    handler: async ({ session, params, body }) => {
      const target = parseUserId(body.user_id);
      if (!target.ok) throw invalidParam(`user_id: ${target.reason}`);
      await engine.send({
        roomId: params.roomId,
        sender: session.userId,
        type: 'm.room.member',
        stateKey: target.value,
        content: { ...withReason(body), membership },
      });
      return {};
    },
  });
}
