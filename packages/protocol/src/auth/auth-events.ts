import { ALLOWED, type Decision, refused } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { roomIdOfCreateEvent } from '../identifiers/room-id.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { authEventKeys } from './auth-event-keys.ts';
import { checkCreate } from './create.ts';

/** An event that another one names as what gives it permission, and what became of it here. */
export interface AuthEvent {
  readonly event: RoomEvent;
  /** It was rejected by the checks on receipt. Soft failure is no rejection. */
  readonly rejected: boolean;
}

/**
 * The rules that no state is needed for: all of the create event's, and for other events those on their auth events.
 * `authEvents` are all that the event names: one that is not known yet has to be fetched first. `create` is the
 * event that the room id names, which versions 12 on ask for and others ignore. Source: rooms/v12.md, rules 1 to 3.
 */
export function checkAuthEvents(
  event: RoomEvent,
  rules: RoomVersionRules,
  authEvents: readonly AuthEvent[],
  create?: AuthEvent,
): Decision {
  if (event.type === 'm.room.create') return checkCreate(event, rules);
  if (rules.roomIdFormat === 'create-event-hash') {
    const room = checkRoomIsCreated(event, create);
    if (!room.ok) return room;
  }
  return checkEntries(event, rules, authEvents);
}

/** AUTH-2. */
function checkRoomIsCreated({ roomId }: RoomEvent, create: AuthEvent | undefined): Decision {
  const isAccepted = create?.rejected === false && create.event.type === 'm.room.create';
  if (isAccepted && roomIdOfCreateEvent(create.event.eventId) === roomId) return ALLOWED;
  return refused('AUTH-2', 'the room id is not that of an accepted create event');
}

function checkEntries(
  event: RoomEvent,
  rules: RoomVersionRules,
  entries: readonly AuthEvent[],
): Decision {
  const keys = authEventKeys(event, rules);
  /** A bit for each key that an entry stands for. */
  let seen = 0;
  for (const { event: entry, rejected } of entries) {
    const key = keys.findIndex((each) => each[0] === entry.type && each[1] === entry.stateKey);
    const selected = checkIsSelected(entry, key);
    if (!selected.ok) return selected;
    const single = checkIsSingle(entry, key, seen);
    if (!single.ok) return single;
    seen |= 1 << key;
    const accepted = checkIsAccepted(entry, rejected);
    if (!accepted.ok) return accepted;
    const near = checkIsOfRoom(entry, event);
    if (!near.ok) return near;
  }
  return checkHasCreate(keys, seen);
}

/** AUTH-3.2. */
function checkIsSelected({ eventId }: RoomEvent, key: number): Decision {
  if (key !== -1) return ALLOWED;
  return refused('AUTH-3.2', `auth event ${eventId} is not of the selection`);
}

/** AUTH-3.1. */
function checkIsSingle({ type, eventId }: RoomEvent, key: number, seen: number): Decision {
  if ((seen & (1 << key)) === 0) return ALLOWED;
  return refused('AUTH-3.1', `two auth events for ${type}, ${eventId} one of them`);
}

/** AUTH-3.3. */
function checkIsAccepted({ eventId }: RoomEvent, rejected: boolean): Decision {
  return rejected ? refused('AUTH-3.3', `auth event ${eventId} was rejected`) : ALLOWED;
}

/** AUTH-3.4. */
function checkIsOfRoom({ roomId, eventId }: RoomEvent, event: RoomEvent): Decision {
  if (roomId === event.roomId) return ALLOWED;
  return refused('AUTH-3.4', `auth event ${eventId} is of another room`);
}

/** AUTHA-3. */
function checkHasCreate(keys: ReturnType<typeof authEventKeys>, seen: number): Decision {
  const create = keys.findIndex((each) => each[0] === 'm.room.create');
  if (create === -1 || (seen & (1 << create)) !== 0) return ALLOWED;
  return refused('AUTHA-3', 'no auth event is the create event');
}
