import type { EventId } from '@hansa/protocol';
import type { StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import { mergedState } from './merged-state.ts';

/** The state before an event with these parents; `afterParents` are the states after each of them. */
export async function stateBefore(
  env: Environment,
  draft: RoomDraft,
  parents: readonly EventId[],
  afterParents: readonly StateRef[],
): Promise<StateRef> {
  if (isSameSet(parents, draft.getHead().extremities)) {
    await draft.settle();
    const { current } = draft.getHead();
    // The current state is the resolution of just these.
    if (current !== undefined) return current;
  }
  // Nothing is before an event without parents; in a room that stands, no rule lets one in.
  return (await mergedState(env, draft, afterParents)) ?? draft.openTimeline(undefined, 0);
}

function isSameSet(
  parents: readonly EventId[],
  extremities: ReadonlyMap<EventId, unknown>,
): boolean {
  const distinct = new Set(parents);
  return distinct.size === extremities.size && parents.every((id) => extremities.has(id));
}
