import { ALLOWED, type Decision, inOrder, refused } from '../decision.ts';
import { readRoomVersion } from '../events/content/create.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { domainOf, roomIdOfCreateEvent } from '../identifiers/room-id.ts';
import { isUserId, serverOf } from '../identifiers/user-id.ts';
import { isArray, type JsonObject, member } from '../json/value.ts';
import { findRoomVersion } from '../room-versions/index.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';

interface Creation {
  readonly event: RoomEvent;
  readonly rules: RoomVersionRules;
}

/** `m.room.create`: the rules that need neither auth events nor state. Source: rooms/v12.md, rule 1. */
export function checkCreate(event: RoomEvent, rules: RoomVersionRules): Decision {
  return checkCreation({ event, rules });
}

const checkCreation = inOrder(
  checkIsFirst,
  checkRoomId,
  checkVersion,
  checkHasCreator,
  checkAdditionalCreators,
);

/** AUTH-1.1. */
function checkIsFirst({ event }: Creation): Decision {
  if (event.prevEvents.length === 0) return ALLOWED;
  return refused('AUTH-1.1', 'the create event is not the first');
}

/** AUTH-1.2 where the event makes the room's id, else AUTHA-1. */
function checkRoomId({ event, rules }: Creation): Decision {
  const { roomId, eventId, sender } = event;
  if (rules.roomIdFormat === 'create-event-hash') {
    // An event that carried a room id of its own could not have an event id that is equal to it.
    if (roomId === roomIdOfCreateEvent(eventId)) return ALLOWED;
    return refused('AUTH-1.2', 'the create event has a room_id');
  }
  if (domainOf(roomId) === serverOf(sender)) return ALLOWED;
  return refused('AUTHA-1', "the room id is not of the sender's server");
}

/** AUTH-1.3. */
function checkVersion({ event }: Creation): Decision {
  const version = readRoomVersion(event.content);
  if (version !== undefined && findRoomVersion(version) !== undefined) return ALLOWED;
  return refused('AUTH-1.3', 'room_version is not a recognised version');
}

/** AUTHA-2. */
function checkHasCreator({ event, rules }: Creation): Decision {
  if (!rules.auth.createNeedsCreator || Object.hasOwn(event.content, 'creator')) return ALLOWED;
  return refused('AUTHA-2', 'the create event has no creator');
}

/** AUTH-1.4. */
function checkAdditionalCreators({ event, rules }: Creation): Decision {
  if (!rules.auth.privilegedCreators || hasValidAdditionalCreators(event.content)) return ALLOWED;
  return refused('AUTH-1.4', 'additional_creators is not an array of user ids');
}

function hasValidAdditionalCreators(content: JsonObject): boolean {
  const creators = member(content, 'additional_creators');
  if (creators === undefined) return true;
  return (
    isArray(creators) && creators.every((entry) => typeof entry === 'string' && isUserId(entry))
  );
}
