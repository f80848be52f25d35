import { findRoomVersion, parsePdu } from '@hansa/protocol';
import type { EventId, Pdu, RoomId, RoomVersionRules } from '@hansa/protocol';
import { objectOf } from './json-bytes.ts';

const MAX_PDUS = 20_000;

/** Events that were read or written lately, so that they are not parsed again. */
export class PduCache {
  readonly #pdus = new Map<string, Pdu>();

  /** The event whose federation form is `stored`. */
  read(roomId: RoomId, eventId: EventId, version: string, stored: Uint8Array): Pdu {
    const key = keyOf(roomId, eventId);
    const known = this.#pdus.get(key);
    if (known !== undefined) {
      this.#pdus.delete(key);
      this.#pdus.set(key, known);
      return known;
    }
    const pdu = parseStored(stored, version);
    this.#keep(key, pdu);
    return pdu;
  }

  add(pdu: Pdu): void {
    this.#keep(keyOf(pdu.roomId, pdu.eventId), pdu);
  }

  #keep(key: string, pdu: Pdu): void {
    const [oldest] = this.#pdus.keys();
    if (oldest !== undefined && this.#pdus.size >= MAX_PDUS) this.#pdus.delete(oldest);
    this.#pdus.set(key, pdu);
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
