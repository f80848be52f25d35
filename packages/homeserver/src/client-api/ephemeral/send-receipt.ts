import { parseEventId, parseRoomId } from '@hansa/protocol';
import { Type } from 'typebox';
import type { Receipts } from '../../ephemeral/index.ts';
import { defineRoute, type ReadParam, type Route } from '../../http/index.ts';

type ReceiptType = 'm.read' | 'm.read.private';

/** `POST /rooms/{roomId}/receipt/{receiptType}/{eventId}` */
export function sendReceipt({ receipts }: { readonly receipts: Pick<Receipts, 'send'> }): Route {
  return defineRoute({
    method: 'POST',
    path: '/_matrix/client/v3/rooms/{roomId}/receipt/{receiptType}/{eventId}',
    auth: 'token',
    params: { roomId: parseRoomId, receiptType: parseReceiptType, eventId: parseEventId },
    body: Type.Object({
      thread_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    }),
    emptyBody: 'object',
    handler: async ({ session: { userId }, params: { roomId, receiptType, eventId }, body }) => {
      const threadId = body.thread_id;
      await receipts.send({ roomId, userId, type: receiptType, threadId, eventId });
      return {};
    },
  });
}

/** `m.fully_read` is account data, which is not kept yet. */
function parseReceiptType(text: string): ReadParam<ReceiptType> {
  if (text === 'm.read' || text === 'm.read.private') return { ok: true, value: text };
  return { ok: false, reason: 'this server keeps m.read and m.read.private' };
}
