import { toClientEvent, type DeviceId, type Pdu, type UserId } from '@hansa/protocol';
import type { ClientEvent } from '@hansa/protocol/wire';
import type { StoredEvent } from '../engine/room-views.ts';
import { transactionIdOf } from './transaction-key.ts';

export interface Reader {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
}

interface Shown {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Where the room is named around the event, as in `/sync`. */
  readonly withoutRoomId: boolean;
}

/** A timeline event for one device: its own transaction id comes back to the device that sent it, and to no other. */
export function formatTimelineEvent(
  stored: StoredEvent,
  reader: Reader,
  { now, withoutRoomId }: Shown,
): ClientEvent {
  const { pdu, transaction, redactedBy, replaces } = stored;
  const isOwn = transaction?.userId === reader.userId && transaction.deviceId === reader.deviceId;
  return toClientEvent(pdu, {
    withoutRoomId,
    ageMs: ageOf(pdu, now),
    transactionId: isOwn ? transactionIdOf(transaction.key) : undefined,
    replacesState: replaces,
    redactedBecause: redactedBy && toClientEvent(redactedBy),
  });
}

export function formatStateEvent(pdu: Pdu, { now, withoutRoomId }: Shown): ClientEvent {
  return toClientEvent(pdu, { withoutRoomId, ageMs: ageOf(pdu, now) });
}

/** A peer's clock may run ahead of ours; an age is never negative. */
function ageOf(pdu: Pdu, now: number): number {
  return Math.max(0, now - pdu.originServerTs);
}
