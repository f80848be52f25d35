import { parsed, refused } from '../decision.ts';
import type { Parsed, Refused } from '../decision.ts';
import { isRoomIdOf, roomIdOfCreateEvent } from '../identifiers/room-id.ts';
import { isUserId } from '../identifiers/user-id.ts';
import { formatPath } from '../json/path.ts';
import { findNonCanonical } from '../json/strict.ts';
import { isObject, member } from '../json/value.ts';
import type { JsonObject } from '../json/value.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { authorisingUserOf } from './authorising-user.ts';
import { canonicalSizeBytes } from './canonical-size.ts';
import { eventIdOf } from './event-id-of.ts';
import { readBody } from './pdu-body.ts';
import type { Pdu } from './pdu.ts';
import { redactionTargetOf } from './redaction-target.ts';
import { isStringMap, readReferences } from './references.ts';
import type { ReferenceOptions } from './references.ts';
import { EVENT_MAX_BYTES } from './size-limits.ts';

/**
 * First check on receipt of a PDU: whether this is an event as the room version has them. Knows no other event and no
 * signature. Gives the event its id and drops `unsigned`, which nobody signs.
 * Source: server-server API, "Checks performed on receipt of a PDU", 1; the section "Event format" of each version.
 */
export function parsePdu(
  json: JsonObject,
  rules: RoomVersionRules,
  options: ReferenceOptions = {},
): Parsed<Pdu> {
  const wire = withoutUnsigned(json);
  const fault = faultOfJson(wire, rules) ?? faultOfEnvelope(wire, rules);
  if (fault !== undefined) return fault;
  const body = readBody(wire, rules);
  if (!body.ok) return body;
  const authoriser = authorisingUserOf(body.value, rules);
  if (authoriser !== undefined && !(typeof authoriser === 'string' && isUserId(authoriser))) {
    return refused('EV-1.10', 'join_authorised_via_users_server is not a user id');
  }
  const references = readReferences(wire, rules, options);
  if (!references.ok) return references;
  const names = readNames(wire, rules);
  if (!names.ok) return names;
  return parsed({
    ...names.value,
    ...body.value,
    ...references.value,
    redacts: redactionTargetOf(wire, rules),
    rules,
    json: wire,
  });
}

function withoutUnsigned(json: JsonObject): JsonObject {
  if (!Object.hasOwn(json, 'unsigned')) return json;
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== 'unsigned'));
}

function faultOfJson(json: JsonObject, rules: RoomVersionRules): Refused | undefined {
  const sizeBytes = canonicalSizeBytes(json);
  if (Number.isNaN(sizeBytes)) {
    return refused('EV-4.2', `${unwritableMember(json)} cannot be written as canonical JSON`);
  }
  if (sizeBytes > EVENT_MAX_BYTES) {
    return refused('SIZE-1', `the event is ${sizeBytes} bytes long, at most ${EVENT_MAX_BYTES}`);
  }
  const path = rules.strictCanonicalJson ? findNonCanonical(json) : undefined;
  return path === undefined
    ? undefined
    : refused('EV-4.1', `${path} is no integer within ±(2^53 − 1)`);
}

function unwritableMember(json: JsonObject): string {
  const unwritable = Object.entries(json).find((entry) =>
    Number.isNaN(canonicalSizeBytes(Object.fromEntries([entry]))),
  );
  return formatPath(unwritable === undefined ? [] : [unwritable[0]]);
}

/** What surrounds the event and is not part of what it says. */
function faultOfEnvelope(json: JsonObject, rules: RoomVersionRules): Refused | undefined {
  const hashes = member(json, 'hashes');
  if (!isStringMap(hashes) || !Object.hasOwn(hashes, 'sha256')) {
    return refused('EV-1.7', 'hashes is not an object of strings with sha256');
  }
  const signatures = member(json, 'signatures');
  if (!isObject(signatures) || !Object.values(signatures).every(isStringMap)) {
    return refused('EV-1.8', 'signatures is not an object of objects of strings');
  }
  if (rules.eventIdFormat !== 'given' && Object.hasOwn(json, 'event_id')) {
    return refused('EV-2.2', 'event_id stands on the wire, where it is the hash of the event');
  }
  return undefined;
}

function readNames(
  json: JsonObject,
  rules: RoomVersionRules,
): Parsed<Pick<Pdu, 'eventId' | 'roomId'>> {
  const eventId = eventIdOf(json, rules);
  if (!eventId.ok) return eventId;
  const roomId = member(json, 'room_id');
  if (isCreate(json) && rules.roomIdFormat === 'create-event-hash') {
    return roomId === undefined
      ? parsed({ eventId: eventId.value, roomId: roomIdOfCreateEvent(eventId.value) })
      : refused('AUTH-1.2', 'a create event has a room_id, where it is the hash of the event');
  }
  return typeof roomId === 'string' && isRoomIdOf(rules.roomIdFormat, roomId)
    ? parsed({ eventId: eventId.value, roomId })
    : refused('EV-1.9', `room_id is not a room id of version ${rules.id}`);
}

function isCreate(json: JsonObject): boolean {
  return member(json, 'type') === 'm.room.create' && member(json, 'state_key') === '';
}
