import type { EventId } from '../identifiers/brand.ts';
import type { StateMap } from './state-map.ts';

/** The events that states have for one key, in the order of the states; `undefined` where a state lacks it. */
export type Entry = readonly (EventId | undefined)[];

/** States that differ, taken apart: what the steps of every algorithm start from. */
export interface Conflict {
  /** Entries that differ from state to state. */
  readonly entries: StateMap<Entry>;
  /** The event that all states have for a key; `undefined` for conflicted keys. */
  unconflicted(type: string, stateKey: string): EventId | undefined;
}
