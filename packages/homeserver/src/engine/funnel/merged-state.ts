import type { StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { appendBeside, rowsOf } from '../room/append-rows.ts';
import { resolveStates } from '../room/resolve-states.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { distinctRefs } from '../room/state-ref.ts';

/** What states resolve to: one of them, or one beside the first; undefined where there are none. */
export async function mergedState(
  env: Environment,
  draft: RoomDraft,
  states: readonly StateRef[],
): Promise<StateRef | undefined> {
  const refs = distinctRefs(states);
  const [base] = refs;
  if (base === undefined || refs.length === 1) return base;
  const { changes, same } = await resolveStates(draft, base, refs, env.turns);
  return same ?? appendBeside(draft, base, rowsOf(changes), env.limits.timelineDepth);
}
