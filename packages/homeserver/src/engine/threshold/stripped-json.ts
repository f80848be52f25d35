import { strippedState } from '@hansa/protocol';
import type { JsonObject, RoomEvent } from '@hansa/protocol';

/** A state event in the form for those who are outside of its room, as JSON to be stored or sent. */
export function strippedJson(event: RoomEvent): JsonObject {
  const { type, state_key, sender } = strippedState(event);
  return { type, state_key, sender, content: event.content };
}
