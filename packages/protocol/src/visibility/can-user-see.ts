import type { RoomEvent } from '../events/room-event.ts';
import type { UserId } from '../identifiers/brand.ts';
import type { HistoryVisibility } from './history-visibility.ts';
import { membershipsAround, visibilitiesAround } from './state-around.ts';

/** What is to be looked up of the state before an event, and of what came after it. */
export interface UserSight {
  /** `readHistoryVisibility` of the state before the event. */
  readonly historyVisibility: HistoryVisibility;
  /** The user's membership in the state before the event; `undefined` where the user has none. */
  readonly membership: string | undefined;
  /** The user joined after the event was sent: also when the user has left again since. */
  readonly joinsLater: boolean;
}

/**
 * Whether a user may read an event, by the room's state at the event; what the event itself changes of that
 * state is read from it. Rejected and soft-failed events are not for users at all, which the caller sees to.
 * Source: client-server API, "Room History Visibility", server behaviour.
 */
export function canUserSee(event: RoomEvent, user: UserId, sight: UserSight): boolean {
  const before = sight.membership === undefined ? [] : [sight.membership];
  const memberships = membershipsAround(event, (subject) => subject === user, before);
  if (memberships.includes('join')) return true;
  return visibilitiesAround(event, sight.historyVisibility).some((visibility) => {
    switch (visibility) {
      case 'world_readable':
        return true;
      case 'shared':
        return sight.joinsLater;
      case 'invited':
        return memberships.includes('invite');
      case 'joined':
        return false;
    }
  });
}
