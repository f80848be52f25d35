import type { EventId, Pdu, RoomId } from '@hansa/protocol';
import { redactPdu } from '@hansa/protocol';
import { findStateEvents, listState } from '@hansa/storage';
import type { EventRecord, Readers, StateRef } from '@hansa/storage';
import type { StateView } from '../room-views.ts';

/** A state as it is shown: events that were redacted in their pruned form. */
export class StoredStateView implements StateView {
  readonly #readers: Pick<Readers, 'events' | 'states'>;
  readonly #roomId: RoomId;
  readonly #ref: StateRef;

  constructor(readers: Pick<Readers, 'events' | 'states'>, roomId: RoomId, ref: StateRef) {
    this.#readers = readers;
    this.#roomId = roomId;
    this.#ref = ref;
  }

  async find(type: string, stateKey: string): Promise<Pdu | undefined> {
    const [eventId] = await findStateEvents(this.#readers.states, this.#ref, [[type, stateKey]]);
    return eventId === undefined ? undefined : (await this.#read([eventId])).at(0);
  }

  async list(type?: string): Promise<readonly Pdu[]> {
    const state = await listState(this.#readers.states, this.#ref, type);
    return this.#read([...state].map(([, , eventId]) => eventId));
  }

  async #read(eventIds: readonly EventId[]): Promise<readonly Pdu[]> {
    return servedPdus(await this.#readers.events.findMany(this.#roomId, eventIds));
  }
}

/** Those of them that can be read. */
export function servedPdus(records: readonly EventRecord[]): readonly Pdu[] {
  return records.filter(({ verdict }) => verdict !== 'quarantined').map(servedPdu);
}

export function servedPdu({ pdu, redactedBy }: EventRecord): Pdu {
  return redactedBy === undefined ? pdu : redactPdu(pdu);
}
