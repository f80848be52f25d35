import type { EventId } from '../identifiers/brand.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { HeldSet } from './held-set.ts';
import { StateMap } from './state-map.ts';
import type { StepCounter, Steps } from './steps.ts';

/** The events that states have for one key, in the order of the states; `undefined` where a state lacks it. */
export type Entry = readonly (EventId | undefined)[];

/** States taken apart: what the steps of every algorithm start from. */
export interface Conflict {
  /** The conflicted state set, so far as its events are held. */
  readonly conflicted: HeldSet;
  /** The same by state. */
  readonly byState: readonly (readonly HeldEvent[])[];
  /** The same by key, in the order of the states. */
  readonly byKey: readonly (readonly HeldEvent[])[];
  /** Keys that were looked at, and turned out not to differ. */
  readonly agreed: StateMap<EventId>;
  /** The event that all states have for a key; `undefined` for conflicted keys. */
  readonly unconflicted: (type: string, stateKey: string) => EventId | undefined;
}

/**
 * Finds the conflicted state set among entries that may differ. `otherwise` answers for all other keys.
 * Source: rooms/v2.md, "Definitions".
 */
export function* findConflict(
  entries: StateMap<Entry>,
  otherwise: Conflict['unconflicted'],
  events: HeldEvents,
  counter: StepCounter,
): Steps<Conflict> {
  const conflicted = new HeldSet();
  const byState: HeldEvent[][] = [];
  const byKey: HeldEvent[][] = [];
  const agreed = new StateMap<EventId>();
  for (const [type, stateKey, entry] of entries) {
    if (counter.pauses(entry.length)) yield;
    const [first] = entry;
    if (differs(entry)) byKey.push(findEvents(entry, events, conflicted, byState));
    else if (first !== undefined) agreed.set(type, stateKey, first);
  }
  const unconflicted: Conflict['unconflicted'] = (type, stateKey) =>
    entries.has(type, stateKey) ? agreed.get(type, stateKey) : otherwise(type, stateKey);
  return { conflicted, byState, byKey, agreed, unconflicted };
}

function differs(entry: Entry): boolean {
  return entry.some((eventId) => eventId !== entry[0]);
}

function findEvents(
  entry: Entry,
  events: HeldEvents,
  conflicted: HeldSet,
  byState: HeldEvent[][],
): HeldEvent[] {
  const ofKey: HeldEvent[] = [];
  for (let at = 0; at < entry.length; at += 1) {
    const state = (byState[at] ??= []);
    const eventId = entry[at];
    const held = eventId === undefined ? undefined : events.find(eventId);
    if (held === undefined) continue;
    conflicted.add(held);
    state.push(held);
    ofKey.push(held);
  }
  return ofKey;
}
