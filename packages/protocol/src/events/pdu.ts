import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { RoomEvent } from './room-event.ts';

/** A persistent data unit: an event of a room in the form that servers exchange. Immutable. */
export interface Pdu extends RoomEvent {
  readonly rules: RoomVersionRules;
  /** The federation form as received or built, `signatures` included, without `unsigned`. */
  readonly json: JsonObject;
}
