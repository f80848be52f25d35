import type { EventId } from '../identifiers/brand.ts';
import type { Entry } from './conflict.ts';
import { StateMap } from './state-map.ts';
import type { StepCounter, Steps } from './steps.ts';

export interface Split {
  /** Keys whose event, or lack of one, is not the same in every state. */
  readonly conflicted: StateMap<Entry>;
  readonly unconflicted: StateMap<EventId>;
}

/** The unconflicted state map of whole states, and their other entries. Source: rooms/v2.md, "Definitions". */
export function* splitStates(
  states: readonly StateMap<EventId>[],
  counter: StepCounter,
): Steps<Split> {
  const conflicted = new StateMap<Entry>();
  const unconflicted = new StateMap<EventId>();
  const [first, ...others] = states;
  for (const [type, stateKey, eventId] of first ?? []) {
    if (counter.pauses(states.length)) yield;
    if (others.every((state) => state.get(type, stateKey) === eventId)) {
      unconflicted.set(type, stateKey, eventId);
    } else conflicted.set(type, stateKey, entryOf(states, type, stateKey));
  }
  for (const state of others) {
    for (const [type, stateKey] of state) {
      if (counter.pauses()) yield;
      if (first?.has(type, stateKey) === true || conflicted.has(type, stateKey)) continue;
      conflicted.set(type, stateKey, entryOf(states, type, stateKey));
    }
  }
  return { conflicted, unconflicted };
}

function entryOf(states: readonly StateMap<EventId>[], type: string, stateKey: string): Entry {
  return states.map((state) => state.get(type, stateKey));
}
