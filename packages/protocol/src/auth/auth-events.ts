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
  if (rules.roomIdFormat === 'create-event-hash' && !isRoomOf(event, create)) {
    return refused('AUTH-2', 'the room id is not that of an accepted create event');
  }
  return checkEntries(event, rules, authEvents);
}

function isRoomOf({ roomId }: RoomEvent, create: AuthEvent | undefined): boolean {
  if (create === undefined || create.rejected) return false;
  return (
    create.event.type === 'm.room.create' && roomIdOfCreateEvent(create.event.eventId) === roomId
  );
}

function checkEntries(
  event: RoomEvent,
  rules: RoomVersionRules,
  entries: readonly AuthEvent[],
): Decision {
  const keys = authEventKeys(event, rules);
  let seen = 0;
  for (const { event: entry, rejected } of entries) {
    const key = keys.findIndex(([type, key]) => type === entry.type && key === entry.stateKey);
    if (key === -1)
      return refused('AUTH-3.2', `auth event ${entry.eventId} is not of the selection`);
    if ((seen & (1 << key)) !== 0) {
      return refused('AUTH-3.1', `two auth events for ${entry.type}, ${entry.eventId} one of them`);
    }
    seen |= 1 << key;
    if (rejected) return refused('AUTH-3.3', `auth event ${entry.eventId} was rejected`);
    if (entry.roomId !== event.roomId) {
      return refused('AUTH-3.4', `auth event ${entry.eventId} is of another room`);
    }
  }
  const create = keys.findIndex(([type]) => type === 'm.room.create');
  if (create !== -1 && (seen & (1 << create)) === 0) {
    return refused('AUTHA-3', 'no auth event is the create event');
  }
  return ALLOWED;
}
