import { ALLOWED, type Decision, refused } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { serverOf } from '../identifiers/user-id.ts';
import { member } from '../json/value.ts';

/** A room that was made not to federate takes events from its creator's server only. Source: rooms/v12.md, rule 4. */
export function checkFederate(event: RoomEvent, create: RoomEvent): Decision {
  if (member(create.content, 'm.federate') !== false) return ALLOWED;
  if (serverOf(event.sender) === serverOf(create.sender)) return ALLOWED;
  return refused('AUTH-4', 'the room does not federate, and its creator is on another server');
}
