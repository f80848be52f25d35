import { findRoomVersion, parsed, parsePdu, refused } from '@hansa/protocol';
import type { EventId, Parsed, Pdu, RoomId, RoomVersionRules } from '@hansa/protocol';
import { readObject } from './json-bytes.ts';
import { weightOf } from './json-weight.ts';
import type { ReportFault } from './report-fault.ts';

/** Of memory, estimated: some 20,000 events as people write them. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What an event takes besides its JSON, more or less. */
const PDU_BYTES = 512;

interface Entry {
  /** Undefined where what is stored cannot be read. */
  readonly pdu: Pdu | undefined;
  readonly weight: number;
}

/** Events that were read or written lately, so that they are not parsed again. */
export class PduCache {
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #report: ReportFault;
  readonly #maxBytes: number;
  #weight = 0;

  constructor(report: ReportFault, maxBytes = MAX_BYTES) {
    this.#report = report;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The event whose federation form is `stored`; undefined, and reported, where that is not this event. */
  read(roomId: RoomId, eventId: EventId, version: string, stored: Uint8Array): Pdu | undefined {
    const key = keyOf(roomId, eventId);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.pdu;
    }
    const read = parseStored(roomId, eventId, version, stored);
    if (!read.ok) this.#report(`the stored event ${eventId} of ${roomId} is broken`, read.reason);
    const pdu = read.ok ? read.value : undefined;
    this.#keep(key, pdu);
    return pdu;
  }

  add(pdu: Pdu): void {
    this.#keep(keyOf(pdu.roomId, pdu.eventId), pdu);
  }

  #keep(key: string, pdu: Pdu | undefined): void {
    this.#drop(key);
    const weight = PDU_BYTES + (pdu === undefined ? 0 : weightOf(pdu.json));
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

function parseStored(
  roomId: RoomId,
  eventId: EventId,
  version: string,
  stored: Uint8Array,
): Parsed<Pdu> {
  const json = readObject(stored);
  if (!json.ok) return json;
  // Backfilled events may name more events than those that are sent to us.
  const pdu = parsePdu(json.value, rulesOf(version), { anyNumberOfReferences: true });
  if (!pdu.ok) return pdu;
  return pdu.value.eventId === eventId && pdu.value.roomId === roomId
    ? parsed(pdu.value)
    : refused('STORED-1', `by the rules of version ${version} it is ${pdu.value.eventId}`);
}

export function rulesOf(version: string): RoomVersionRules {
  const rules = findRoomVersion(version);
  if (rules === undefined) throw new TypeError(`a stored room has version ${version}`);
  return rules;
}
