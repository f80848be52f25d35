import type { RoomEvent } from '../events/room-event.ts';
import type { EventId } from '../identifiers/brand.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { StateMap } from './state-map.ts';

/**
 * What resolution asks of the room whose states it resolves. Every call is a plain look-up; the answers
 * must not change while one resolution is under way.
 */
export interface ResolutionRoom {
  readonly rules: RoomVersionRules;
  /**
   * A state event of the room, or of the auth chain of one. `undefined` where it is not held: such an
   * event is passed over wherever it is named, its own auth chain with it.
   */
  event(eventId: EventId): RoomEvent | undefined;
  /**
   * Whether any check rejected the event, soft failure not being one. A rejected event takes part in
   * the ordering, is never used to authorise, and never comes out (SEC-11).
   */
  rejected(eventId: EventId): boolean;
}

/**
 * The graph of `auth_events` over the stored state events, seen from below. With it a resolution costs
 * by what the states differ in, not by the size of the room.
 */
export interface AuthGraph {
  /**
   * A number of the event's own, greater than that of each of its held auth events. The store's number
   * of the event will do where events are numbered in auth order, as they are stored.
   */
  order(eventId: EventId): number;
  /**
   * The state events that name this one in their `auth_events` and whose order is below `before`: the
   * `limit` with the highest order, in falling order. Rejected ones and outliers too; version 12's
   * implied reference to the create event does not count. Mostly one page is read; a leaf, such as a
   * topic, has none.
   */
  referrers(eventId: EventId, before: number, limit: number): readonly EventId[];
}

/** What two or more states of one room differ in, and a way to look up the rest. */
export interface StateDifference {
  /**
   * For each key on which the states may disagree, its event in each of the states, in the same order
   * of states for every key; `undefined` where that state lacks the key. A key on which they agree after
   * all may be among them: it is found and treated as unconflicted.
   */
  readonly entries: StateMap<readonly (EventId | undefined)[]>;
  /**
   * The event that all the states have for a key that is **not** in `entries`; `undefined` where none
   * has one. Never a rejected event: the state after a rejected event is the state before it.
   */
  unconflicted(type: string, stateKey: string): EventId | undefined;
}
