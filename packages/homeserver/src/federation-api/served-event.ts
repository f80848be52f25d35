import {
  formForServer,
  needsMemberships,
  readHistoryVisibility,
  readMembership,
  redact,
  serverOf,
} from '@hansa/protocol';
import type { JsonObject, Pdu, ServerName, UserId } from '@hansa/protocol';
import type { RoomViews, StateView, StoredEvent } from '../engine/room-views.ts';

/**
 * The form in which a server of the room gets an event: what it may not see comes redacted, and nothing is left out.
 * An outlier has no place in the history that anybody could be kept from.
 */
export async function serveEvent(
  views: Pick<RoomViews, 'stateBefore'>,
  { pdu, place }: Pick<StoredEvent, 'pdu' | 'place'>,
  server: ServerName,
): Promise<JsonObject> {
  if (place === 'outlier') return pdu.json;
  const state = await views.stateBefore(pdu.roomId, pdu.eventId);
  const visibility = await state.find('m.room.history_visibility', '');
  const historyVisibility = readHistoryVisibility(visibility?.content);
  const memberships = needsMemberships(historyVisibility) ? await membershipsOf(state, server) : [];
  return formForServer(pdu, server, { historyVisibility, memberships }) === 'full'
    ? pdu.json
    : redact(pdu.json, pdu.rules);
}

async function membershipsOf(state: StateView, server: ServerName): Promise<readonly string[]> {
  const members = await state.list('m.room.member');
  return members
    .filter((member) => isOf(member, server))
    .map(({ content }) => readMembership(content) ?? '');
}

function isOf({ stateKey }: Pdu, server: ServerName): boolean {
  return stateKey !== undefined && serverOf(stateKey as UserId) === server;
}

/** Several, in their order. */
export async function serveEvents(
  views: Pick<RoomViews, 'stateBefore'>,
  events: readonly Pick<StoredEvent, 'pdu' | 'place'>[],
  server: ServerName,
): Promise<readonly JsonObject[]> {
  const served: JsonObject[] = [];
  for (const event of events) served.push(await serveEvent(views, event, server));
  return served;
}
