import type { RoomEvent } from '../events/room-event.ts';
import type { EventId } from '../identifiers/brand.ts';
import type { RoomVersionRules } from '../room-versions/rules.ts';
import type { AuthGraph, ResolutionRoom } from '../state-resolution/resolution-input.ts';

const NONE: readonly EventId[] = [];

/** A room for tests: some events, in any order, and those of them that count as rejected. */
export class MemoryRoom implements ResolutionRoom, AuthGraph {
  readonly rules: RoomVersionRules;
  readonly #events: ReadonlyMap<EventId, RoomEvent>;
  readonly #rejected: ReadonlySet<string>;
  readonly #order: ReadonlyMap<EventId, number>;
  /** By falling order. */
  readonly #referrers = new Map<EventId, EventId[]>();

  constructor(
    rules: RoomVersionRules,
    events: Iterable<RoomEvent>,
    rejected: Iterable<string> = [],
  ) {
    this.rules = rules;
    this.#events = new Map([...events].map((event) => [event.eventId, event]));
    this.#rejected = new Set(rejected);
    const inOrder = authOrder(this.#events);
    this.#order = new Map(inOrder.map((eventId, at) => [eventId, at]));
    for (const eventId of inOrder.toReversed()) {
      for (const authEvent of new Set(this.#events.get(eventId)?.authEvents)) {
        const referrers = this.#referrers.get(authEvent);
        if (referrers === undefined) this.#referrers.set(authEvent, [eventId]);
        else referrers.push(eventId);
      }
    }
  }

  event(eventId: EventId): RoomEvent | undefined {
    return this.#events.get(eventId);
  }

  rejected(eventId: EventId): boolean {
    return this.#rejected.has(eventId);
  }

  order(eventId: EventId): number {
    return this.#order.get(eventId) ?? -1;
  }

  referrers(eventId: EventId, before: number, limit: number): readonly EventId[] {
    const all = this.#referrers.get(eventId) ?? NONE;
    if (before === Number.POSITIVE_INFINITY && all.length <= limit) return all;
    const start = firstBelow(all, before, (id) => this.order(id));
    return all.slice(start, start + limit);
  }
}

/** Every event after its auth events, as far as the graph has no circle. */
function authOrder(events: ReadonlyMap<EventId, RoomEvent>): readonly EventId[] {
  const done = new Set<EventId>();
  const entered = new Set<EventId>();
  for (const start of events.keys()) {
    const open = [start];
    for (let eventId = open.at(-1); eventId !== undefined; eventId = open.at(-1)) {
      const authEvents = events.get(eventId)?.authEvents ?? [];
      const next = entered.has(eventId)
        ? undefined
        : authEvents.filter((id) => events.has(id) && !entered.has(id));
      entered.add(eventId);
      if (next !== undefined && next.length > 0) {
        open.push(...next);
        continue;
      }
      done.add(eventId);
      open.pop();
    }
  }
  return [...done];
}

/** Where a falling list goes below a bound. */
function firstBelow<T>(items: readonly T[], bound: number, rank: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rank(items[middle] as T) < bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
