import type { EventId } from '../identifiers/brand.ts';
import type { AuthGraph, ResolutionRoom, StateDifference } from './resolution-input.ts';
import type { StateMap } from './state-map.ts';
import type { Steps } from './steps.ts';

/**
 * Resolves whole states by the room version's algorithm. Costs by the size of the states and of their
 * auth chains. One state resolves to itself, none to the empty state.
 */
export declare function resolve(
  states: readonly StateMap<EventId>[],
  room: ResolutionRoom,
): Steps<StateMap<EventId>>;

/**
 * Resolves what states differ in, at a cost by the difference. The result has the resolved event of
 * each key of `difference.entries`, and rarely of a key that no state has; **a key of `entries` that
 * is not in the result is not in the resolved state**. All other keys stay as they are.
 */
export declare function resolveDifference(
  difference: StateDifference,
  room: ResolutionRoom & AuthGraph,
): Steps<StateMap<EventId>>;
