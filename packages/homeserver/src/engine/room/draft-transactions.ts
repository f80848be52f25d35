import type { EventId, RoomId } from '@hansa/protocol';
import type { ClientTransactionReader, ClientTransactionRecord, Writers } from '@hansa/storage';

/** What clients have sent by which transaction id, what is not committed included. */
export class DraftTransactions {
  readonly #stored: ClientTransactionReader;
  readonly #drafted = new Map<string, EventId>();

  constructor(stored: ClientTransactionReader) {
    this.#stored = stored;
  }

  async find(transaction: ClientTransactionRecord): Promise<EventId | undefined> {
    const drafted = this.#drafted.get(keyOf(transaction));
    return drafted ?? (await this.#stored.findEvent(transaction))?.eventId;
  }

  /** Answers how it is recorded. */
  remember(
    transaction: ClientTransactionRecord,
    event: { readonly roomId: RoomId; readonly eventId: EventId; readonly at: number },
  ): (writers: Writers) => void {
    this.#drafted.set(keyOf(transaction), event.eventId);
    return ({ clientTransactions }) => clientTransactions.insert({ ...transaction, ...event });
  }
}

function keyOf({ userId, deviceId, key }: ClientTransactionRecord): string {
  return JSON.stringify([userId, deviceId, key]);
}
