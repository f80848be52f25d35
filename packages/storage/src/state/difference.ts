import { StateMap } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import type { StateRef, StateSource } from '../ports/state-store.ts';
import { listState, pathFromRoot } from './list-state.ts';

/** What a key holds in two states. */
export interface Change {
  readonly from: EventId | undefined;
  readonly to: EventId | undefined;
}

/**
 * Keys that hold different events in two states. Reads the rows between the point where the two part and each
 * of them; the rows say what they replaced, so nothing is looked up.
 */
export async function differenceOfStates(
  source: StateSource,
  from: StateRef,
  to: StateRef,
): Promise<StateMap<Change>> {
  const fork = forkOf(await pathFromRoot(source, from), await pathFromRoot(source, to));
  if (fork === undefined) {
    return compare(await listState(source, from), await listState(source, to));
  }
  const left = await changesAlong(source, fork.left);
  const right = await changesAlong(source, fork.right);
  return join(left, right);
}

/** Rows of one timeline, above < at ≤ upTo. */
interface Stretch {
  readonly timeline: number;
  readonly above: number;
  readonly upTo: number;
}

/** The way from the last common state to each of the two; undefined where they share no timeline. */
function forkOf(
  from: readonly StateRef[],
  to: readonly StateRef[],
): { readonly left: readonly Stretch[]; readonly right: readonly Stretch[] } | undefined {
  let common = 0;
  // The paths are one up to the first timeline that they leave at different rows.
  for (;;) {
    const left = from[common];
    const right = to[common];
    if (left === undefined || right === undefined || left.timeline !== right.timeline) break;
    common += 1;
    if (left.at !== right.at) break;
  }
  const left = from[common - 1];
  const right = to[common - 1];
  if (left === undefined || right === undefined) return undefined;
  const above = Math.min(left.at, right.at);
  return {
    left: [{ timeline: left.timeline, above, upTo: left.at }, ...whole(from.slice(common))],
    right: [{ timeline: right.timeline, above, upTo: right.at }, ...whole(to.slice(common))],
  };
}

function whole(path: readonly StateRef[]): Stretch[] {
  return path.map(({ timeline, at }) => ({ timeline, above: Number.MIN_SAFE_INTEGER, upTo: at }));
}

/** Per key what it held at the beginning of the way and what it holds at its end. */
async function changesAlong(
  source: StateSource,
  stretches: readonly Stretch[],
): Promise<StateMap<Change>> {
  const changes = new StateMap<Change>();
  for (const { timeline, above, upTo } of stretches) {
    if (above >= upTo) continue;
    for (const { type, stateKey, event, previous } of await source.listRows(
      timeline,
      above,
      upTo,
    )) {
      const before = changes.get(type, stateKey);
      changes.set(type, stateKey, {
        from: before === undefined ? previous : before.from,
        to: event,
      });
    }
  }
  return changes;
}

function join(left: StateMap<Change>, right: StateMap<Change>): StateMap<Change> {
  const difference = new StateMap<Change>();
  for (const [type, stateKey, change] of left) {
    const other = right.get(type, stateKey);
    put(difference, type, stateKey, change.to, other === undefined ? change.from : other.to);
  }
  for (const [type, stateKey, change] of right) {
    if (!left.has(type, stateKey)) put(difference, type, stateKey, change.from, change.to);
  }
  return difference;
}

function compare(from: StateMap<EventId>, to: StateMap<EventId>): StateMap<Change> {
  const difference = new StateMap<Change>();
  for (const [type, stateKey, event] of from) {
    put(difference, type, stateKey, event, to.get(type, stateKey));
  }
  for (const [type, stateKey, event] of to) {
    if (!from.has(type, stateKey)) put(difference, type, stateKey, undefined, event);
  }
  return difference;
}

function put(
  difference: StateMap<Change>,
  type: string,
  stateKey: string,
  from: EventId | undefined,
  to: EventId | undefined,
): void {
  if (from !== to) difference.set(type, stateKey, { from, to });
}
