import { parseRoomId, parseUserId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { TypingNotices } from '../../ephemeral/index.ts';
import { defineRoute, type Route } from '../../http/index.ts';
import { forbidden } from '../../matrix-error.ts';

/** Where the client names no time. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** `PUT /rooms/{roomId}/typing/{userId}` */
export function setTyping({ typing }: { readonly typing: Pick<TypingNotices, 'set'> }): Route {
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/client/v3/rooms/{roomId}/typing/{userId}',
    auth: 'token',
    params: { roomId: parseRoomId, userId: parseUserId },
    body: Type.Object({
      typing: Type.Boolean(),
      timeout: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
    handler: async ({ session, params: { roomId, userId }, body }) => {
      if (userId !== session.userId) throw forbidden('You cannot type for somebody else.');
      const { timeout: timeoutMs = DEFAULT_TIMEOUT_MS } = body;
      await typing.set(roomId, userId, body.typing ? timeoutMs : 0);
      return {};
    },
  });
}
