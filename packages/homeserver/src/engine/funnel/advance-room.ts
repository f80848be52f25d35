import { StateMap } from '@hansa/protocol';
import type { Position, StateKey, StateRef } from '@hansa/storage';
import type { Environment } from '../environment.ts';
import { appendToMain, rowsOf } from '../room/append-rows.ts';
import { resolveStates } from '../room/resolve-states.ts';
import type { RoomDraft } from '../room/room-draft.ts';
import type { RoomHead } from '../room/room-head.ts';
import { distinctRefs, isSameRef } from '../room/state-ref.ts';
import type { RowChange } from '../room/tip-differences.ts';
import { extremitiesBehind, extremitiesWith } from './extremities.ts';
import { followMembers } from './membership-rows.ts';
import type { Vetted } from './vetted.ts';

export interface Arrival {
  readonly event: Vetted;
  readonly depth: number;
  readonly before: StateRef;
  readonly after: StateRef;
  /** What leads from the one to the other. */
  readonly change: RowChange | undefined;
  /** Whether it stands on the main timeline already. */
  readonly onMain: boolean;
  readonly position: Position;
}

/**
 * Moves the room's end to an event that was just accepted. The current state is the resolution of the states after
 * all extremities. It is not computed here: many forks that come at once are resolved once, when somebody needs to
 * know, or when all is decided that is committed together.
 */
export async function advanceRoom(
  env: Environment,
  draft: RoomDraft,
  arrival: Arrival,
): Promise<void> {
  const headBefore = draft.getHead();
  const { event, depth, after } = arrival;
  draft.setExtremities(await extremitiesWith(draft, event, depth, after));
  await noteEnds(env, draft, headBefore, arrival);
}

/** The same for an event that is no end, as what follows it came first: ends that it follows are none any more. */
export async function coverEnds(
  env: Environment,
  draft: RoomDraft,
  arrival: Arrival,
): Promise<void> {
  const headBefore = draft.getHead();
  const extremities = await extremitiesBehind(draft, arrival.event);
  if (extremities.size === headBefore.extremities.size) return;
  draft.setExtremities(extremities);
  await noteEnds(env, draft, headBefore, arrival);
}

/** The current state is to follow the ends, which have changed. */
async function noteEnds(
  env: Environment,
  draft: RoomDraft,
  headBefore: RoomHead,
  { before, after, change, onMain, position }: Arrival,
): Promise<void> {
  const { current, tips } = draft.getHead();
  if (current === undefined) return;
  const { unsettled } = draft;
  const moved = unsettled?.moved ?? (change !== undefined && onMain ? [change] : []);
  // What the others differ in is among the keys already.
  const fresh = unsettled === undefined ? tipsOf(draft.getHead()) : [after];
  if (unsettled === undefined && isUpToDate(current, tipsOf(headBefore), fresh)) {
    await followMembers(env, draft, moved, position);
    return;
  }

  await tips.of(draft.states, current, before);
  if (change !== undefined) tips.derive(before, after, change);
  const keys = unsettled?.keys ?? new StateMap<true>();
  for (const state of fresh) {
    const difference = await tips.of(draft.states, current, state);
    for (const [type, stateKey] of difference) keys.set(type, stateKey, true);
  }
  draft.setUnsettled({ keys, moved, settle: () => settle(env, draft, moved, position) });
}

/** The current state, as far as these keys are concerned. */
export async function settleFor(draft: RoomDraft, keys: readonly StateKey[]): Promise<void> {
  const { unsettled } = draft;
  if (unsettled === undefined) return;
  if (keys.some(([type, stateKey]) => unsettled.keys.has(type, stateKey))) await draft.settle();
}

/** What changes is written at the newest event's position: who reads up to there has seen all of them. */
async function settle(
  env: Environment,
  draft: RoomDraft,
  moved: readonly RowChange[],
  position: Position,
): Promise<void> {
  const { current, tips } = draft.getHead();
  const states = tipsOf(draft.getHead());
  if (current === undefined) throw new Error('the room has no current state');
  tips.retain(states);
  const { changes } = await resolveStates(draft, current, states, env.turns);
  const rows = rowsOf(changes);
  if (rows.length > 0) await appendToMain(draft, rows, position);
  await followMembers(env, draft, [...moved, ...rows], position);
}

/** The same states resolve to the same, whichever events they are after. */
function isUpToDate(
  current: StateRef,
  before: readonly StateRef[],
  states: readonly StateRef[],
): boolean {
  if (states.length === 1 && includes(states, current)) return true;
  return before.length === states.length && before.every((ref) => includes(states, ref));
}

function tipsOf({ extremities }: RoomHead): readonly StateRef[] {
  return distinctRefs([...extremities.values()].map((tip) => tip.after));
}

function includes(refs: readonly StateRef[], ref: StateRef): boolean {
  return refs.some((other) => isSameRef(other, ref));
}
