import { parseEventId, parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import { transactionKey } from '../../client-events/transaction-key.ts';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { defineRoute, paramText, type Route } from '../../http/index.ts';
import { REASON, withReason } from '../rooms/reason.ts';

/** `PUT /rooms/{roomId}/redact/{eventId}/{txnId}` */
export function redact({ engine }: { readonly engine: Pick<RoomEngine, 'send'> }): Route {
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/client/v3/rooms/{roomId}/redact/{eventId}/{txnId}',
    auth: 'token',
    params: { roomId: parseRoomId, eventId: parseEventId, txnId: paramText },
    body: Type.Object(REASON),
    emptyBody: 'object',
    handler: async ({ session, params, body }) => {
      const { roomId, eventId, txnId } = params;
      const redaction = await engine.send({
        roomId,
        sender: session.userId,
        type: 'm.room.redaction',
        content: withReason(body),
        redacts: eventId,
        transaction: { ...session, key: transactionKey(['redact', roomId, eventId], txnId) },
      });
      return { event_id: redaction.eventId };
    },
  });
}
