import type { EventId } from '../identifiers/brand.ts';
import type { StateDifference } from '../state-resolution/resolution-input.ts';
import { splitStates } from '../state-resolution/split-states.ts';
import type { StateMap } from '../state-resolution/state-map.ts';
import { complete, StepCounter } from '../state-resolution/steps.ts';

/** What whole states differ in, as a store that keeps them would say it. */
export function differenceOf(states: readonly StateMap<EventId>[]): StateDifference {
  const { conflicted, unconflicted } = complete(splitStates(states, new StepCounter()));
  return {
    entries: conflicted,
    unconflicted: (type, stateKey) => unconflicted.get(type, stateKey),
  };
}
