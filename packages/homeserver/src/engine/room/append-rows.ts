import type { EventId, Pdu, StateMap } from '@hansa/protocol';
import { differenceOfStates, pathFromRoot } from '@hansa/storage';
import type { Change, Position, StateRef } from '@hansa/storage';
import type { RoomDraft } from './room-draft.ts';
import type { RowChange } from './tip-differences.ts';

/** Puts rows at the head of the main timeline: the current state moves. */
export async function appendToMain(
  draft: RoomDraft,
  changes: readonly RowChange[],
  position: Position,
): Promise<StateRef> {
  const { current } = draft.getHead();
  if (current === undefined) throw new Error('the room has no main timeline');
  await draft.states.getTimeline(current.timeline);
  const moved = appendRows(draft, current, changes, position);
  draft.setCurrent(moved);
  draft.getHead().tips.follow(current, changes, moved);
  return moved;
}

/**
 * The state that follows from one by changes, beside the main timeline: at the head of a side timeline it goes
 * on there, anywhere else a child opens.
 */
export async function appendBeside(
  draft: RoomDraft,
  from: StateRef,
  changes: readonly RowChange[],
  depthLimit: number,
): Promise<StateRef> {
  if (changes.length === 0) return from;
  const main = draft.getHead().current?.timeline;
  const { head, depth } = await draft.states.getTimeline(from.timeline);
  if (from.timeline !== main && head === from.at) return appendRows(draft, from, changes);
  if (depth < depthLimit) {
    return appendRows(draft, draft.openTimeline(from, depth + 1), changes);
  }
  const [root = from] = await pathFromRoot(draft.states, from);
  const below = rowsOf(await differenceOfStates(draft.states, root, from));
  return appendRows(draft, draft.openTimeline(root, 1), [...below, ...changes]);
}

export function rowsOf(changes: StateMap<Change>): readonly RowChange[] {
  return [...changes].map(([type, stateKey, { from, to }]) => ({ type, stateKey, from, to }));
}

/** The rows that turn one state into another. */
export function changesTo(from: StateMap<EventId>, to: StateMap<EventId>): readonly RowChange[] {
  const changes: RowChange[] = [];
  for (const [type, stateKey, event] of to) {
    const before = from.get(type, stateKey);
    if (before !== event) changes.push({ type, stateKey, from: before, to: event });
  }
  for (const [type, stateKey, event] of from) {
    if (!to.has(type, stateKey)) changes.push({ type, stateKey, from: event, to: undefined });
  }
  return changes;
}

/** The row that a state event makes, with the value that it replaces. */
export async function rowOf(
  draft: RoomDraft,
  { type, stateKey, eventId }: Pdu,
  before: StateRef,
): Promise<RowChange | undefined> {
  if (stateKey === undefined) return undefined;
  const [from] = await draft.states.findEvents(before, [[type, stateKey]]);
  return { type, stateKey, from, to: eventId };
}

function appendRows(
  draft: RoomDraft,
  { timeline, at }: StateRef,
  changes: readonly RowChange[],
  position?: Position,
): StateRef {
  let last = at;
  for (const { type, stateKey, from, to } of changes) {
    last += 1;
    const row = { at: last, type, stateKey, event: to, previous: from };
    draft.states.append(timeline, row);
    const { roomId } = draft;
    draft.write(({ states }) => states.appendRow({ ...row, roomId, timeline, position }));
  }
  return { timeline, at: last };
}
