import type { RoomEvent } from '../../events/room-event.ts';
import type { RoomVersionRules } from '../../room-versions/rules.ts';
import type { StateLookup } from '../state-lookup.ts';

/** A member event that says of whom, and what it is judged by. */
export interface MembershipChange {
  readonly event: RoomEvent;
  /** State key of the event: the user whose membership changes. */
  readonly target: string;
  readonly rules: RoomVersionRules;
  readonly state: StateLookup;
  readonly create: RoomEvent;
}
