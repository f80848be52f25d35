import { checkStateRules } from '../auth/index.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { authEventOf } from './auth-event-of.ts';
import type { PartialState } from './partial-state.ts';
import type { ResolutionRoom } from './resolution-input.ts';
import type { StepCounter, Steps } from './steps.ts';

/** An authorisation costs about as much as so many look-ups. */
const STEPS_A_CHECK = 4;

/**
 * Iterative auth checks: each event in turn goes into the state if the state allows it. What the state lacks is
 * taken from the event's own auth events; nothing rejected authorises or goes in. Changes `state`.
 * Source: rooms/v2.md, "Definitions".
 */
export function* checkInTurn(
  sorted: readonly RoomEvent[],
  state: PartialState,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<void> {
  for (const event of sorted) {
    if (counter.pauses(STEPS_A_CHECK)) yield;
    if (event.stateKey === undefined || room.rejected(event.eventId)) continue;
    const { ok } = checkStateRules(
      event,
      room.rules,
      (type, stateKey) =>
        state.get(type, stateKey) ?? acceptedAuthEvent(event, type, stateKey, room),
    );
    if (ok) state.resolved.set(event.type, event.stateKey, event);
  }
}

function acceptedAuthEvent(
  event: RoomEvent,
  type: string,
  stateKey: string,
  room: ResolutionRoom,
): RoomEvent | undefined {
  const authEvent = authEventOf(event, type, stateKey, room);
  return authEvent === undefined || room.rejected(authEvent.eventId) ? undefined : authEvent;
}
