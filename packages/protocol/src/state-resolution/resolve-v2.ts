import type { Conflict } from './conflict.ts';
import { fullConflictedSet, type Surroundings } from './full-conflicted-set.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { checkInTurn } from './iterative-auth.ts';
import { sortByMainline } from './mainline-sort.ts';
import { emptyState, unconflictedState } from './partial-state.ts';
import { selectPowerEvents } from './power-events.ts';
import { sortByPower } from './power-sort.ts';
import type { StateMap } from './state-map.ts';
import type { StepCounter, Steps } from './steps.ts';

/**
 * Steps 1 to 4 of state resolution v2 (versions 2 to 11) and v2.1 (version 12), which starts from nothing and
 * looks at the conflicted subgraph too. Of keys that are unconflicted the caller keeps its own event (step 5).
 * Source: rooms/v2.md and rooms/v12.md, "Algorithm".
 */
export function* resolveV2(
  conflict: Conflict,
  surroundings: Surroundings,
  events: HeldEvents,
  counter: StepCounter,
): Steps<StateMap<HeldEvent>> {
  const full = yield* fullConflictedSet(conflict, surroundings, events, counter);
  const powerEvents = yield* selectPowerEvents(full, events, counter);
  const state =
    events.rules.stateResolution === 'v2.1' ? emptyState() : unconflictedState(conflict, events);
  yield* checkInTurn(yield* sortByPower(powerEvents, events, counter), state, events, counter);

  const others = full.list.filter((held) => !powerEvents.has(held));
  const powerLevels = state.get('m.room.power_levels', '');
  const sorted = yield* sortByMainline(others, powerLevels, events, counter);
  yield* checkInTurn(sorted, state, events, counter);
  return state.resolved;
}
