import type { RoomEvent } from '../events/room-event.ts';
import type { EventId } from '../identifiers/brand.ts';
import type { Conflict } from './conflict.ts';
import type { ResolutionRoom } from './resolution-input.ts';
import { StateMap } from './state-map.ts';

/** The state that resolution builds up: what was decided so far, over what it started from. */
export class PartialState {
  /** Decided so far. */
  readonly resolved = new StateMap<RoomEvent>();
  readonly #base: (type: string, stateKey: string) => RoomEvent | undefined;

  constructor(base: (type: string, stateKey: string) => RoomEvent | undefined) {
    this.#base = base;
  }

  get(type: string, stateKey: string): RoomEvent | undefined {
    return this.resolved.get(type, stateKey) ?? this.#base(type, stateKey);
  }
}

/** Starts from nothing, as v2.1 does. */
export function emptyState(): PartialState {
  return new PartialState(() => undefined);
}

/** Starts from the unconflicted state map, looked up once a key; its rejected events authorise nothing. */
export function unconflictedState(conflict: Conflict, room: ResolutionRoom): PartialState {
  const known = new StateMap<RoomEvent | undefined>();
  return new PartialState((type, stateKey) => {
    if (!known.has(type, stateKey)) {
      const eventId = conflict.unconflicted(type, stateKey);
      known.set(type, stateKey, acceptedEvent(eventId, room));
    }
    return known.get(type, stateKey);
  });
}

function acceptedEvent(eventId: EventId | undefined, room: ResolutionRoom): RoomEvent | undefined {
  return eventId === undefined || room.rejected(eventId) ? undefined : room.event(eventId);
}
