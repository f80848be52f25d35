import type { EventId, RoomId } from '@hansa/protocol';

/** A state: that of a timeline after its row `at`. What a reference means never changes. */
export interface StateRef {
  readonly timeline: number;
  readonly at: number;
}

export type StateKey = readonly [type: string, stateKey: string];

/** A timeline goes on from its parent; the root of a segment has none. */
export interface StateTimeline {
  readonly timeline: number;
  readonly parent: StateRef | undefined;
  /** Parents above it. */
  readonly depth: number;
  /** Its newest row; 0 where it has none. */
  readonly head: number;
}

/** One changed key. `event` is undefined where resolution took the key out of the state. */
export interface StateRow {
  readonly at: number;
  readonly type: string;
  readonly stateKey: string;
  readonly event: EventId | undefined;
  readonly previous: EventId | undefined;
}

/** What states are computed from. `findStateEvents`, `listState` and `differenceOfStates` read it. */
export interface StateSource {
  getTimeline(timeline: number): Promise<StateTimeline>;
  /** above < at ≤ upTo, ascending. */
  listRows(timeline: number, above: number, upTo: number): Promise<readonly StateRow[]>;
  /** For each key, in order, its last row at or before `upTo`. */
  findLastRows(
    timeline: number,
    upTo: number,
    keys: readonly StateKey[],
  ): Promise<readonly (StateRow | undefined)[]>;
  /** The last row at or before `upTo` of every key, or of every key of one type. */
  listLastRows(timeline: number, upTo: number, type?: string): Promise<readonly StateRow[]>;
}

export interface StateReader extends StateSource {
  /** The lowest `at` whose state is known: 0, and less once history was put before a segment. */
  findLowest(timeline: number): Promise<number>;
  /** The room's main timeline as it was at a stream position; undefined where we were not in the room yet. */
  findRefAt(roomId: RoomId, position: number): Promise<StateRef | undefined>;
}

/** A row at a position of `FLOOR` and above holds the state at the oldest known point of a segment. */
export const FLOOR = -(2 ** 40);
