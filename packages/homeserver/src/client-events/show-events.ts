import {
  toClientEvent,
  type DeviceId,
  type JsonObject,
  type Pdu,
  type RoomId,
  type UserId,
} from '@hansa/protocol';
import type { ClientEvent } from '@hansa/protocol/wire';
import type { RoomViews } from '../engine/room-views.ts';
import { transactionIdOf } from './transaction-key.ts';
import type { SeenEvent } from './visible-events.ts';

export interface Reader {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

export interface Shown {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Where the room is named around the event, as in `/sync`. */
  readonly withoutRoomId: boolean;
}

/**
 * Timeline events of a room as one device gets them: its own transaction ids come back to the device that sent them,
 * and to no other.
 */
export function showTimelineEvents(
  views: Pick<RoomViews, 'findEvent'>,
  roomId: RoomId,
  events: readonly SeenEvent[],
  { reader, shown }: { readonly reader: Reader; readonly shown: Shown },
): Promise<ClientEvent[]> {
  return Promise.all(
    events.map(async (event) => {
      const { pdu, transaction, redactedBy, replaces, membership } = event;
      const isOwn =
        transaction?.userId === reader.userId && transaction.deviceId === reader.deviceId;
      return toClientEvent(pdu, {
        ...formatOptions(pdu, shown),
        transactionId: isOwn ? transactionIdOf(transaction.key) : undefined,
        replacesState: replaces,
        prevContent: await replacedContent(views, roomId, event),
        redactedBecause: redactedBy && toClientEvent(redactedBy, formatOptions(redactedBy, shown)),
        membership,
      });
    }),
  );
}

export function showStateEvent(pdu: Pdu, shown: Shown): ClientEvent {
  return toClientEvent(pdu, formatOptions(pdu, shown));
}

/** Who may read a state event was there when it replaced the one before, and could have read that. */
async function replacedContent(
  views: Pick<RoomViews, 'findEvent'>,
  roomId: RoomId,
  { replaces }: SeenEvent,
): Promise<JsonObject | undefined> {
  if (replaces === undefined) return undefined;
  return (await views.findEvent(roomId, replaces))?.pdu.content;
}

/** A peer's clock may run ahead of ours; an age is never negative. */
function formatOptions(
  pdu: Pdu,
  { now, withoutRoomId }: Shown,
): { readonly withoutRoomId: boolean; readonly ageMs: number } {
  return { withoutRoomId, ageMs: Math.max(0, now - pdu.originServerTs) };
}
