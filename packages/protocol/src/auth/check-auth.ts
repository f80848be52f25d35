import type { Decision } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import { type AuthEvent, checkAuthEvents } from './auth-events.ts';
import { checkStateRules } from './state-rules.ts';

/**
 * Check 4 on receipt: all authorisation rules, with the event's auth events as the state. Parameters are those
 * of `checkAuthEvents`. Source: server-server API, "Checks performed on receipt of a PDU".
 */
export function checkAuth(
  event: RoomEvent,
  rules: RoomVersionRules,
  authEvents: readonly AuthEvent[],
  create?: AuthEvent,
): Decision {
  const decision = checkAuthEvents(event, rules, authEvents, create);
  if (!decision.ok) return decision;
  return checkStateRules(event, rules, (type, stateKey) => {
    if (type === 'm.room.create' && rules.roomIdFormat === 'create-event-hash') {
      return stateKey === '' ? create?.event : undefined;
    }
    return authEvents.find(
      (entry) => entry.event.type === type && entry.event.stateKey === stateKey,
    )?.event;
  });
}
