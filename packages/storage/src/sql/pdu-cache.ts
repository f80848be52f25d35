import { findRoomVersion, parsePdu } from '@hansa/protocol';
import type { EventId, Pdu, RoomId, RoomVersionRules } from '@hansa/protocol';
import { objectOf } from './json-bytes.ts';
import { weightOf } from './json-weight.ts';

/** Of memory, estimated: some 20,000 events as people write them. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What an event takes besides its JSON, more or less. */
const PDU_BYTES = 512;

interface Entry {
  readonly pdu: Pdu;
  readonly weight: number;
}

/** Events that were read or written lately, so that they are not parsed again. */
export class PduCache {
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #maxBytes: number;
  #weight = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The event whose federation form is `stored`. */
  read(roomId: RoomId, eventId: EventId, version: string, stored: Uint8Array): Pdu {
    const key = keyOf(roomId, eventId);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.pdu;
    }
    const pdu = parseStored(stored, version);
    this.#keep(key, pdu);
    return pdu;
  }

  add(pdu: Pdu): void {
    this.#keep(keyOf(pdu.roomId, pdu.eventId), pdu);
  }

  #keep(key: string, pdu: Pdu): void {
    this.#drop(key);
    const weight = PDU_BYTES + weightOf(pdu.json);
    this.#entries.set(key, { pdu, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#maxBytes) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }
}

function keyOf(roomId: RoomId, eventId: EventId): string {
  return `${roomId} ${eventId}`;
}

function parseStored(stored: Uint8Array, version: string): Pdu {
  // Backfilled events may name more events than those that are sent to us.
  const pdu = parsePdu(objectOf(stored), rulesOf(version), { anyNumberOfReferences: true });
  if (!pdu.ok) throw new TypeError(`a stored event is broken: ${pdu.rule}, ${pdu.reason}`);
  return pdu.value;
}

export function rulesOf(version: string): RoomVersionRules {
  const rules = findRoomVersion(version);
  if (rules === undefined) throw new TypeError(`a stored room has version ${version}`);
  return rules;
}
