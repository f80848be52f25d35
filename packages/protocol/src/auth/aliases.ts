import { ALLOWED, type Decision, inOrder, refused } from '../decision.ts';
import type { RoomEvent } from '../events/room-event.ts';
import { serverOf } from '../identifiers/user-id.ts';

/** `m.room.aliases`, where it has rules of its own: any server may list its aliases. Source: rooms/v1.md, rule 4. */
export const checkAliases = inOrder(checkHasStateKey, checkStateKeyIsOwnServer);

/** AUTHA-4. */
function checkHasStateKey({ stateKey }: RoomEvent): Decision {
  if (stateKey !== undefined) return ALLOWED;
  return refused('AUTHA-4', 'm.room.aliases without a state key');
}

/** AUTHA-5. */
function checkStateKeyIsOwnServer({ sender, stateKey }: RoomEvent): Decision {
  if (stateKey === serverOf(sender)) return ALLOWED;
  return refused('AUTHA-5', "the state key of m.room.aliases is not the sender's server");
}
