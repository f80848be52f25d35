import type { EventId, RoomId, UserId } from '../identifiers/brand.ts';
import type { JsonObject } from '../json/value.ts';

/**
 * What decisions need of an event: the part that authorisation, state resolution and visibility read.
 * `Pdu` is this and the wire form; a fixture without hashes or signatures can be this alone.
 */
export interface RoomEvent {
  readonly eventId: EventId;
  /** In version 12 a create event has none on the wire; here it is its own id with `!` for `$`. */
  readonly roomId: RoomId;
  readonly type: string;
  /** `undefined` for a message event. */
  readonly stateKey: string | undefined;
  readonly sender: UserId;
  readonly content: JsonObject;
  /** Milliseconds since the epoch, as the origin claims. Beyond 2^53 in versions 1 to 5 it is rounded. */
  readonly originServerTs: number;
  readonly depth: number;
  readonly authEvents: readonly EventId[];
  readonly prevEvents: readonly EventId[];
  /** Target of a redaction, wherever the room version puts it. */
  readonly redacts: EventId | undefined;
}
