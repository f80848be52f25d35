import type { RoomEvent } from '../events/room-event.ts';
import type { ServerName } from '../identifiers/brand.ts';
import { isUserId, serverOf } from '../identifiers/user-id.ts';
import type { HistoryVisibility } from './history-visibility.ts';
import { membershipsAround, visibilitiesAround } from './state-around.ts';

/** What is to be looked up of the state before an event. */
export interface ServerSight {
  /** `readHistoryVisibility` of the state before the event. */
  readonly historyVisibility: HistoryVisibility;
  /**
   * Memberships that users of the server have in the state before the event, in any order. Only needed where
   * `needsMemberships` says so: in a large room the look-up is the costly part.
   */
  readonly memberships: readonly string[];
}

/** `full`: as it was sent; `redacted`: the copy that redaction leaves, so that the graph stays whole. */
export type ServedForm = 'full' | 'redacted';

/**
 * In which form a server of the room gets an event by `backfill`, `get_missing_events` and `event`. None is
 * ever left out: a hole would look like an event that we withhold, and be asked for again and again. Whether
 * the server may ask at all (in the room, not denied by ACL) is decided before.
 *
 * The specification leaves visibility on federation open. This is what deployed servers do, with the
 * before-or-after of users for the servers of those users.
 */
export function formForServer(
  event: RoomEvent,
  server: ServerName,
  sight: ServerSight,
): ServedForm {
  const visibilities = visibilitiesAround(event, sight.historyVisibility);
  if (!visibilities.every(isRestricted)) return 'full';
  const memberships = membershipsAround(event, (user) => isOn(user, server), sight.memberships);
  if (memberships.includes('join')) return 'full';
  return visibilities.includes('invited') && memberships.includes('invite') ? 'full' : 'redacted';
}

/** Whether `formForServer` reads memberships at this visibility: otherwise they may be passed as `[]`. */
export function needsMemberships(visibility: HistoryVisibility): boolean {
  return isRestricted(visibility);
}

/** A server in the room may have all of `shared` history: one of its users has joined. */
function isRestricted(visibility: HistoryVisibility): boolean {
  return visibility === 'invited' || visibility === 'joined';
}

function isOn(user: string, server: ServerName): boolean {
  return isUserId(user) && serverOf(user) === server;
}
