import type { RoomEvent } from '../events/room-event.ts';
import { member } from '../json/value.ts';
import { readHistoryVisibility, type HistoryVisibility } from './history-visibility.ts';

/**
 * History visibility before and after an event. The two differ only where the event itself sets it; then
 * either may open the event.
 */
export function visibilitiesAround(
  event: RoomEvent,
  before: HistoryVisibility,
): readonly HistoryVisibility[] {
  const sets = event.type === 'm.room.history_visibility' && event.stateKey === '';
  return sets ? [before, readHistoryVisibility(event.content)] : [before];
}

/** Memberships that a user has around an event: the one before, and the one that the event sets, if it does. */
export function membershipsAround(
  event: RoomEvent,
  concerns: (user: string) => boolean,
  before: readonly string[],
): readonly string[] {
  if (event.type !== 'm.room.member' || event.stateKey === undefined) return before;
  const after = member(event.content, 'membership');
  return typeof after === 'string' && concerns(event.stateKey) ? [...before, after] : before;
}
