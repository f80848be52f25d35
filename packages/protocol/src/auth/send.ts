import { ALLOWED, type Decision, refused } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { membershipOf } from './member/membership.ts';
import type { PowerLevels } from './power-levels.ts';
import type { StateLookup } from './state-lookup.ts';

/** AUTH-6. */
export function checkSenderIsJoined({ sender }: RoomEvent, state: StateLookup): Decision {
  if (membershipOf(state, sender) === 'join') return ALLOWED;
  return refused('AUTH-6', 'the sender is not joined');
}

/** AUTH-7.1. */
export function checkPowerToInvite({ sender }: RoomEvent, levels: PowerLevels): Decision {
  if (levels.user(sender) >= levels.invite) return ALLOWED;
  return refused('AUTH-7.1', 'the sender has no power to invite');
}

/** AUTH-8. */
export function checkPowerToSend(event: RoomEvent, levels: PowerLevels): Decision {
  const { type, sender, stateKey } = event;
  if (levels.user(sender) >= levels.event(type, stateKey !== undefined)) return ALLOWED;
  return refused('AUTH-8', `the sender has no power to send ${type}`);
}

/** AUTH-9. */
export function checkStateKeyIsOwn({ sender, stateKey }: RoomEvent): Decision {
  if (stateKey?.startsWith('@') !== true || stateKey === sender) return ALLOWED;
  return refused('AUTH-9', "the state key is another user's id");
}
