import type { Pdu } from '@hansa/protocol';
import type { Position, StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { appendToMain, rowsOf, type RowChange } from '../room/append-rows.ts';
import { distinctRefs, resolveStates } from '../room/resolve-states.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { RoomHead } from '../room/room-head.ts';
import { extremitiesWith } from './extremities.ts';

export interface Arrival {
  readonly depth: number;
  readonly after: StateRef;
  readonly position: Position;
}

/**
 * Moves the room's end to an event that was just accepted. The current state is the resolution of the states
 * after all extremities; what it changes on the main timeline is answered.
 */
export async function advanceRoom(
  env: Environment,
  draft: RoomDraft,
  event: Pdu,
  { depth, after, position }: Arrival,
): Promise<readonly RowChange[]> {
  const statesBefore = tipsOf(draft.getHead());
  draft.setExtremities(await extremitiesWith(draft, event, depth, after));
  const { current } = draft.getHead();
  const tips = tipsOf(draft.getHead());
  const isSettled = tips.length === 1 && includes(tips, current);
  if (current === undefined || isSettled || isSameSet(statesBefore, tips)) return [];
  const { changes } = await resolveStates(draft, current, tips, env.turns);
  const rows = rowsOf(changes);
  if (rows.length > 0) await appendToMain(draft, rows, position);
  return rows;
}

function tipsOf({ extremities }: RoomHead): readonly StateRef[] {
  return distinctRefs([...extremities.values()].map((tip) => tip.after));
}

/** The same states resolve to the same, whichever events they are after. */
function isSameSet(a: readonly StateRef[], b: readonly StateRef[]): boolean {
  return a.length === b.length && a.every((ref) => includes(b, ref));
}

function includes(refs: readonly StateRef[], ref: StateRef | undefined): boolean {
  return refs.some(({ timeline, at }) => timeline === ref?.timeline && at === ref.at);
}
