import { StateMap } from '@hansa/protocol';
import type { EventId } from '@hansa/protocol';
import type { StateKey, StateRef } from '@hansa/storage';
import { nameOfRef } from './state-ref.ts';

/** The current state, and those before the ends of a few forks. */
const MAX_STATES = 8;
/** Of one state: the power levels and their like, and the memberships of those who spoke last. */
const MAX_KEYS = 1_000;

interface KnownState {
  readonly ref: StateRef;
  /** `null` where the state has none. */
  readonly events: StateMap<EventId | null>;
}

/**
 * What decisions looked up in states: what one event is held against is nearly always what the last one was. It lives as
 * long as the head it belongs to.
 */
export class KnownKeys {
  /** Least recently used first. */
  readonly #states = new Map<string, KnownState>();

  /** The event at each key, in order; what is not known is asked for. */
  async find(
    ref: StateRef,
    keys: readonly StateKey[],
    ask: (missing: readonly StateKey[]) => Promise<readonly (EventId | undefined)[]>,
  ): Promise<readonly (EventId | undefined)[]> {
    const { events } = this.#use(ref);
    const missing = keys.filter(([type, stateKey]) => !events.has(type, stateKey));
    if (missing.length === 0) return keys.map((key) => events.get(...key) ?? undefined);
    const asked = new StateMap<EventId | null>();
    for (const [n, eventId] of (await ask(missing)).entries()) {
      const key = missing[n];
      if (key === undefined) continue;
      asked.set(...key, eventId ?? null);
      if (events.size < MAX_KEYS) events.set(...key, eventId ?? null);
    }
    return keys.map((key) => asked.get(...key) ?? events.get(...key) ?? undefined);
  }

  /** The timeline gets a row here: what was known of its states from there on was known too early. */
  forget(timeline: number, from: number): void {
    for (const [name, { ref }] of this.#states) {
      if (ref.timeline === timeline && ref.at >= from) this.#states.delete(name);
    }
  }

  #use(ref: StateRef): KnownState {
    const name = nameOfRef(ref);
    const known = this.#states.get(name) ?? { ref, events: new StateMap<EventId | null>() };
    this.#states.delete(name);
    this.#states.set(name, known);
    const oldest = this.#states.keys().next().value;
    if (oldest !== undefined && this.#states.size > MAX_STATES) this.#states.delete(oldest);
    return known;
  }
}
