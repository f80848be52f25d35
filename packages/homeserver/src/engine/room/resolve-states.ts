import { authEventKeys, resolveDifference, StateMap } from '@hansa/protocol';
import type { EventId, StateDifference } from '@hansa/protocol';
import { differenceOfStates, findStateEvents } from '@hansa/storage';
import type { Change, StateKey, StateRef } from '@hansa/storage';
import type { RoomDraft } from './room-draft.ts';
import { distinctRefs, isSameRef } from './state-ref.ts';
import type { Turns } from './turns.ts';

type Entry = readonly (EventId | undefined)[];

/** The resolution of states, as what has to change in each of them. */
export interface Resolution {
  /** The state that it was computed from, and what differs in it. */
  readonly base: StateRef;
  readonly changes: StateMap<Change>;
  /** One of the states that were resolved, where the result is no other. */
  readonly same: StateRef | undefined;
}

/**
 * Resolves the states of a room by what they differ in from `base`, which need not be one of them. All of them
 * at once: the algorithm is not associative.
 */
export async function resolveStates(
  draft: RoomDraft,
  base: StateRef,
  states: readonly StateRef[],
  turns: Turns,
): Promise<Resolution> {
  const distinct = distinctRefs(states);
  const { entries, held } = await compare(draft, base, distinct);
  if (distinct.length === 1) {
    return { base, changes: followOnly(entries, held), same: distinct[0] };
  }
  const resolved = await resolve(draft, base, entries, turns);
  const changes = new StateMap<Change>();
  for (const [type, stateKey] of entries) {
    note(changes, type, stateKey, held.get(type, stateKey), resolved.get(type, stateKey));
  }
  for (const [type, stateKey, event] of resolved) {
    if (entries.has(type, stateKey)) continue;
    const [before] = await findStateEvents(draft.states, base, [[type, stateKey]]);
    note(changes, type, stateKey, before, event);
  }
  const same = distinct.find((_, n) => isEntryOf(n, entries, resolved));
  return { base, changes, same };
}

function isEntryOf(n: number, entries: StateMap<Entry>, resolved: StateMap<EventId>): boolean {
  for (const [type, stateKey, entry] of entries) {
    if (entry[n] !== resolved.get(type, stateKey)) return false;
  }
  for (const [type, stateKey] of resolved) if (!entries.has(type, stateKey)) return false;
  return true;
}

/** For each key on which a state differs from the base: what the states hold, and what the base holds. */
async function compare(
  draft: RoomDraft,
  base: StateRef,
  states: readonly StateRef[],
): Promise<{ readonly entries: StateMap<Entry>; readonly held: StateMap<EventId | undefined> }> {
  const differences: StateMap<Change>[] = [];
  const held = new StateMap<EventId | undefined>();
  for (const state of states) {
    const difference = await differenceFrom(draft, base, state);
    differences.push(difference);
    for (const [type, stateKey, change] of difference) held.set(type, stateKey, change.from);
  }
  const entries = new StateMap<Entry>();
  for (const [type, stateKey, before] of held) {
    const entry = differences.map((difference) => {
      const change = difference.get(type, stateKey);
      return change === undefined ? before : change.to;
    });
    entries.set(type, stateKey, entry);
  }
  return { entries, held };
}

/** What differs from the current state is kept; it is asked for again and again. */
async function differenceFrom(
  draft: RoomDraft,
  base: StateRef,
  state: StateRef,
): Promise<StateMap<Change>> {
  const { current, tips } = draft.getHead();
  return current !== undefined && isSameRef(base, current)
    ? tips.of(draft.states, base, state)
    : differenceOfStates(draft.states, base, state);
}

/** There is nothing to resolve in one state. */
function followOnly(
  entries: StateMap<Entry>,
  held: StateMap<EventId | undefined>,
): StateMap<Change> {
  const changes = new StateMap<Change>();
  for (const [type, stateKey, [event]] of entries) {
    note(changes, type, stateKey, held.get(type, stateKey), event);
  }
  return changes;
}

/**
 * The core asks for unconflicted entries by plain look-ups. Those that it is likely to need are read ahead;
 * where it asks for others, they are read, and it is asked again.
 */
async function resolve(
  draft: RoomDraft,
  base: StateRef,
  entries: StateMap<Entry>,
  turns: Turns,
): Promise<StateMap<EventId>> {
  const named = [...entries].flatMap(([, , entry]) => entry.filter((id) => id !== undefined));
  const seeds = [...new Set(named)];
  const graph = await draft.loadAuthGraph(seeds);
  const unconflicted = new StateMap<EventId | undefined>();
  let wanted = await graph.complete(async () => likelyKeys(seeds, graph));
  while (wanted.size > 0) {
    const keys = [...wanted].map(([type, stateKey]): StateKey => [type, stateKey]);
    const events = await findStateEvents(draft.states, base, keys);
    for (const [n, [type, stateKey]] of keys.entries()) unconflicted.set(type, stateKey, events[n]);
    await graph.load(events.filter((event) => event !== undefined));
    const missing = new StateMap<true>();
    const difference: StateDifference = {
      entries,
      unconflicted(type, stateKey) {
        if (!unconflicted.has(type, stateKey)) missing.set(type, stateKey, true);
        return unconflicted.get(type, stateKey);
      },
    };
    const resolved = await graph.complete(() =>
      turns.complete(resolveDifference(difference, graph)),
    );
    if (missing.size === 0) return resolved;
    wanted = missing;
  }
  throw new Error('resolution asked for nothing');
}

function likelyKeys(
  eventIds: readonly EventId[],
  graph: Awaited<ReturnType<RoomDraft['loadAuthGraph']>>,
): StateMap<true> {
  const keys = StateMap.from<true>([['m.room.create', '', true]]);
  for (const eventId of eventIds) {
    const event = graph.event(eventId);
    if (event === undefined) continue;
    for (const [type, stateKey] of authEventKeys(event, graph.rules)) {
      keys.set(type, stateKey, true);
    }
  }
  return keys;
}

function note(
  changes: StateMap<Change>,
  type: string,
  stateKey: string,
  from: EventId | undefined,
  to: EventId | undefined,
): void {
  if (from !== to) changes.set(type, stateKey, { from, to });
}
