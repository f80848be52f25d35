import type { JsonObject } from '@hansa/protocol';
import type { StateKey } from '@hansa/storage';
import type { RoomDraft } from '../room/room-draft.ts';
import { strippedJson } from '../threshold/stripped-json.ts';

/** State that tells those outside what they are invited to, or knock at. Source: client-server API, "Stripped state". */
const SHOWN: readonly StateKey[] = [
  ['m.room.create', ''],
  ['m.room.name', ''],
  ['m.room.avatar', ''],
  ['m.room.topic', ''],
  ['m.room.join_rules', ''],
  ['m.room.canonical_alias', ''],
  ['m.room.encryption', ''],
];

/** In the form in which servers of the room's version tell one another of it; `more` stands behind it. */
export async function stateShownOutside(
  draft: RoomDraft,
  ...more: readonly StateKey[]
): Promise<readonly JsonObject[]> {
  const { current } = draft.getHead();
  if (current === undefined) return [];
  const shown: JsonObject[] = [];
  for (const eventId of await draft.states.findEvents(current, [...SHOWN, ...more])) {
    if (eventId === undefined) continue;
    const { pdu } = await draft.getEvent(eventId);
    shown.push(pdu.rules.strippedStateIsPdus ? pdu.json : strippedJson(pdu));
  }
  return shown;
}
