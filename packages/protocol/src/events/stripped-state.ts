import type { StrippedStateEvent } from '../wire/stripped-state-event.ts';
import { asWireJson } from './as-wire-json.ts';
import type { RoomEvent } from './room-event.ts';

/**
 * What clients are shown of a state event of a room that they are outside of, and nothing else: what another server sent
 * is never handed through. Throws a `TypeError` for a message event.
 * Source: client-server API, "Stripped state".
 */
export function strippedState(event: RoomEvent): StrippedStateEvent {
  const { type, stateKey, sender, content } = event;
  if (stateKey === undefined) throw new TypeError(`${event.eventId} is not a state event`);
  return { type, state_key: stateKey, sender, content: asWireJson(content) };
}
