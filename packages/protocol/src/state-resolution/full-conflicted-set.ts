import type { RoomEvent } from '../events/room-event.ts';
import type { EventId } from '../identifiers/brand.ts';
import { authDifference } from './auth-difference.ts';
import type { CommonChain } from './common-chain.ts';
import type { Conflict } from './conflict.ts';
import { conflictedSubgraph, type Floor } from './conflicted-subgraph.ts';
import type { ResolutionRoom } from './resolution-input.ts';
import type { StepCounter, Steps } from './steps.ts';

/** What resolution v2 and v2.1 need to know of the room besides the conflict itself. */
export interface Surroundings {
  readonly common: CommonChain;
  /** Where the conflicted subgraph ends; asked for in v2.1 only. */
  readonly floor: (conflicted: ReadonlySet<EventId>) => Steps<Floor>;
}

/**
 * Full conflicted set: conflicted state set, auth difference and, in v2.1, conflicted state subgraph, as far as
 * the events are held. Source: rooms/v2.md and rooms/v12.md, "Definitions".
 */
export function* fullConflictedSet(
  conflict: Conflict,
  { common, floor }: Surroundings,
  room: ResolutionRoom,
  counter: StepCounter,
): Steps<Map<EventId, RoomEvent>> {
  const conflicted = new Set<EventId>();
  for (const [, , entry] of conflict.entries) {
    if (counter.pauses()) yield;
    for (const eventId of entry) if (eventId !== undefined) conflicted.add(eventId);
  }
  const parts: ReadonlySet<EventId>[] = [
    conflicted,
    yield* authDifference(conflict, common, room, counter),
  ];
  if (room.rules.stateResolution === 'v2.1') {
    parts.push(yield* conflictedSubgraph(conflicted, yield* floor(conflicted), room, counter));
  }
  const full = new Map<EventId, RoomEvent>();
  for (const part of parts) {
    for (const eventId of part) {
      if (counter.pauses()) yield;
      const event = room.event(eventId);
      if (event?.stateKey !== undefined) full.set(eventId, event);
    }
  }
  return full;
}
