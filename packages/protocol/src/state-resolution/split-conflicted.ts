import type { EventId } from '../identifiers/brand.ts';
import type { Entry } from './conflict.ts';
import { StateMap } from './state-map.ts';
import type { StepCounter, Steps } from './steps.ts';

export interface Split {
  /** Keys whose event, or lack of one, is not the same in every state. */
  readonly conflicted: StateMap<Entry>;
  readonly unconflicted: StateMap<EventId>;
}

/** The unconflicted state map and the conflicted state set of whole states. Source: rooms/v2.md, "Definitions". */
export function* splitStates(
  states: readonly StateMap<EventId>[],
  counter: StepCounter,
): Steps<Split> {
  const entries = new StateMap<Entry>();
  for (const state of states) {
    for (const [type, stateKey] of state) {
      if (counter.pauses()) yield;
      if (entries.has(type, stateKey)) continue;
      entries.set(
        type,
        stateKey,
        states.map((each) => each.get(type, stateKey)),
      );
    }
  }
  return yield* splitEntries(entries, counter);
}

/** The same of states that are known by what they differ in. */
export function* splitEntries(
  entries: Iterable<readonly [type: string, stateKey: string, entry: Entry]>,
  counter: StepCounter,
): Steps<Split> {
  const conflicted = new StateMap<Entry>();
  const unconflicted = new StateMap<EventId>();
  for (const [type, stateKey, entry] of entries) {
    if (counter.pauses()) yield;
    const [first] = entry;
    if (entry.some((eventId) => eventId !== first)) conflicted.set(type, stateKey, entry);
    else if (first !== undefined) unconflicted.set(type, stateKey, first);
  }
  return { conflicted, unconflicted };
}
