import type { RoomEvent } from '../events/room-event.ts';
import type { Conflict } from './conflict.ts';
import { fullConflictedSet, type Surroundings } from './full-conflicted-set.ts';
import { checkInTurn } from './iterative-auth.ts';
import { sortByMainline } from './mainline-sort.ts';
import { emptyState, unconflictedState } from './partial-state.ts';
import { selectPowerEvents } from './power-events.ts';
import { sortByPower } from './power-sort.ts';
import type { ResolutionRoom } from './resolution-input.ts';
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
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<StateMap<RoomEvent>> {
  const full = yield* fullConflictedSet(conflict, surroundings, room, counter);
  const powerEvents = yield* selectPowerEvents(full, counter);
  const state =
    room.rules.stateResolution === 'v2.1' ? emptyState() : unconflictedState(conflict, room);
  yield* checkInTurn(yield* sortByPower(powerEvents, room, counter), state, room, counter);

  const others: RoomEvent[] = [];
  for (const event of full.values()) {
    if (counter.pauses()) yield;
    if (!powerEvents.has(event)) others.push(event);
  }
  const powerLevels = state.get('m.room.power_levels', '');
  const sorted = yield* sortByMainline(others, powerLevels, room, counter);
  yield* checkInTurn(sorted, state, room, counter);
  return state.resolved;
}
