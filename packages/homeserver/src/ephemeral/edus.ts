import type { JsonObject, RoomId, ServerName, UserId } from '@hansa/protocol';
import type { Receipt } from '@hansa/storage';

/** An EDU on its way out. Of those with the same key only the last one matters. */
export interface OutgoingEdu {
  readonly key: string;
  readonly edu: JsonObject;
  /** Milliseconds after which it is not worth sending any more; undefined: it always is. */
  readonly worthForMs: number | undefined;
}

/** Takes an EDU to servers, when they can be reached. */
export type SendEdu = (servers: readonly ServerName[], edu: OutgoingEdu) => void;

/** Source: server-server API, "Typing Notifications". */
export function typingEdu(
  roomId: RoomId,
  userId: UserId,
  typing: boolean,
  worthForMs: number,
): OutgoingEdu {
  return {
    key: JSON.stringify(['m.typing', roomId, userId]),
    edu: { edu_type: 'm.typing', content: { room_id: roomId, user_id: userId, typing } },
    worthForMs,
  };
}

/** Source: server-server API, "Receipts". */
export function receiptEdu({ roomId, userId, type, threadId, eventId, ts }: Receipt): OutgoingEdu {
  const data = { ts, ...(threadId === undefined ? {} : { thread_id: threadId }) };
  return {
    key: JSON.stringify(['m.receipt', roomId, userId, threadId ?? '']),
    edu: {
      edu_type: 'm.receipt',
      content: { [roomId]: { [type]: { [userId]: { event_ids: [eventId], data } } } },
    },
    worthForMs: undefined,
  };
}
