import { ALLOWED, type Decision, refused } from '../decision.ts';
import { readRoomVersion } from '../events/content/create.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { domainOf, roomIdOfCreateEvent } from '../identifiers/room-id.ts';
import { isUserId, serverOf } from '../identifiers/user-id.ts';
import { isArray, type JsonObject, member } from '../json/value.ts';
import { findRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

/** `m.room.create`: the rules that need neither auth events nor state. Source: rooms/v12.md, rule 1. */
export function checkCreate(event: RoomEvent, rules: RoomVersionRules): Decision {
  if (event.prevEvents.length > 0) return refused('AUTH-1.1', 'the create event is not the first');
  const { content } = event;
  if (rules.roomIdFormat === 'create-event-hash') {
    // An event that carried a room id of its own could not have an event id that is equal to it.
    if (event.roomId !== roomIdOfCreateEvent(event.eventId)) {
      return refused('AUTH-1.2', 'the create event has a room_id');
    }
  } else if (domainOf(event.roomId) !== serverOf(event.sender)) {
    return refused('AUTHA-1', "the room id is not of the sender's server");
  }
  const version = readRoomVersion(content);
  if (version === undefined || findRoomVersion(version) === undefined) {
    return refused('AUTH-1.3', 'room_version is not a recognised version');
  }
  if (rules.auth.createNeedsCreator && !Object.hasOwn(content, 'creator')) {
    return refused('AUTHA-2', 'the create event has no creator');
  }
  if (rules.auth.privilegedCreators && !hasValidAdditionalCreators(content)) {
    return refused('AUTH-1.4', 'additional_creators is not an array of user ids');
  }
  return ALLOWED;
}

function hasValidAdditionalCreators(content: JsonObject): boolean {
  const creators = member(content, 'additional_creators');
  if (creators === undefined) return true;
  return (
    isArray(creators) && creators.every((entry) => typeof entry === 'string' && isUserId(entry))
  );
}
