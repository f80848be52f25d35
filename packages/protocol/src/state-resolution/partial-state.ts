import type { Conflict } from './conflict.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { StateMap } from './state-map.ts';

/** The state that resolution builds up: what was decided so far, over what it started from. */
export class PartialState {
  /** Decided so far. */
  readonly resolved = new StateMap<HeldEvent>();
  readonly #base: (type: string, stateKey: string) => HeldEvent | undefined;

  constructor(base: (type: string, stateKey: string) => HeldEvent | undefined) {
    this.#base = base;
  }

  get(type: string, stateKey: string): HeldEvent | undefined {
    return this.resolved.get(type, stateKey) ?? this.#base(type, stateKey);
  }
}

/** Starts from nothing, as v2.1 does. */
export function emptyState(): PartialState {
  return new PartialState(() => undefined);
}

/** Starts from the unconflicted state map, looked up once a key; its rejected events authorise nothing. */
export function unconflictedState({ unconflicted }: Conflict, events: HeldEvents): PartialState {
  /** `null`: looked up, and not there. */
  const known = new StateMap<HeldEvent | null>();
  return new PartialState((type, stateKey) => {
    const before = known.get(type, stateKey);
    if (before !== undefined) return before ?? undefined;
    const eventId = unconflicted(type, stateKey);
    const held = eventId === undefined ? undefined : events.find(eventId);
    const accepted = held?.rejected === true ? undefined : held;
    known.set(type, stateKey, accepted ?? null);
    return accepted;
  });
}
