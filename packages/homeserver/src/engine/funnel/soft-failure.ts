import type { RoomEvent } from '@hansa/protocol';
import type { StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { appendBeside, rowsOf } from '../room/append-rows.ts';
import { resolveStates } from '../room/resolve-states.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { settleFor } from './advance-room.ts';
import { authorityKeys } from './authorise.ts';

/** The state of check 6 on an event: the current one, with what was claimed taken in as one more fork. */
export async function stateForSoftFailure(
  env: Environment,
  draft: RoomDraft,
  event: RoomEvent,
  claimed: readonly StateRef[],
): Promise<StateRef> {
  if (claimed.length === 0) await settleFor(draft, authorityKeys(draft, event));
  const { current, extremities } = draft.getHead();
  if (current === undefined) throw new Error('the room has no current state');
  if (claimed.length === 0) return current;
  const tips = [...extremities.values()].map(({ after }) => after);
  const { changes, same } = await resolveStates(draft, current, [...tips, ...claimed], env.turns);
  return same ?? appendBeside(draft, current, rowsOf(changes), env.limits.timelineDepth);
}
