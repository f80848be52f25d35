import { StateMap } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import type { StateRef, StateSource } from '../ports/state-store.ts';

/** The whole state, or all of one type. */
export async function listState(
  source: StateSource,
  ref: StateRef,
  type?: string,
): Promise<StateMap<EventId>> {
  const state = new StateMap<EventId>();
  for (const level of await pathFromRoot(source, ref)) {
    for (const row of await source.listLastRows(level.timeline, level.at, type)) {
      if (row.event === undefined) state.delete(row.type, row.stateKey);
      else state.set(row.type, row.stateKey, row.event);
    }
  }
  return state;
}

/** The reference and its timeline's ancestors, each up to where its child leaves it, the root first. */
export async function pathFromRoot(
  source: StateSource,
  ref: StateRef,
): Promise<readonly StateRef[]> {
  const path: StateRef[] = [];
  let level: StateRef | undefined = ref;
  while (level !== undefined) {
    path.push(level);
    level = (await source.getTimeline(level.timeline)).parent;
  }
  return path.toReversed();
}
