import { member, parseEventId, parseRoomId, type EventId, type JsonObject } from '@hansa/protocol';
import { transactionKey } from '../../client-events/transaction-key.ts';
import type { RoomEngine } from '../../engine/room-engine.ts';
import { AnyObject, defineRoute, paramText, type Route } from '../../http/index.ts';
import { badJson } from '../../matrix-error.ts';

/** `PUT /rooms/{roomId}/send/{eventType}/{txnId}` */
export function sendEvent({ engine }: { readonly engine: Pick<RoomEngine, 'send'> }): Route {
  return defineRoute({
    method: 'PUT',
    path: '/_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}',
    auth: 'token',
    params: { roomId: parseRoomId, eventType: paramText, txnId: paramText },
    body: AnyObject,
    canonicalBody: true,
    handler: async ({ session, params, body }) => {
      const { roomId, eventType, txnId } = params;
      const redacts = eventType === 'm.room.redaction' ? readTarget(body) : undefined;
      const { eventId } = await engine.send({
        roomId,
        sender: session.userId,
        type: eventType,
        content: body,
        ...(redacts === undefined ? {} : { redacts }),
        transaction: { ...session, key: transactionKey(['send', roomId, eventType], txnId) },
      });
      return { event_id: eventId };
    },
  });
}

/** Clients put the target into the content in every room version; the engine puts it where the version has it. */
function readTarget(content: JsonObject): EventId {
  const redacts = member(content, 'redacts');
  const eventId = typeof redacts === 'string' ? parseEventId(redacts) : undefined;
  if (eventId?.ok !== true) throw badJson('body: redacts must be the id of the event to redact');
  return eventId.value;
}
