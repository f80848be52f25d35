import type { EventId } from '../identifiers/brand.ts';
import type { CommonChain } from './common-chain.ts';
import type { Conflict } from './conflict.ts';
import type { AuthGraph, ResolutionRoom } from './resolution-input.ts';
import type { StepCounter, Steps } from './steps.ts';

/** Referrers read at once. The newest is mostly enough: what a room rests on now, it refers to now. */
const REFERRERS_A_PAGE = 16;

interface Visit {
  readonly eventId: EventId;
  /** Referrers that are not unconflicted themselves, newest first. */
  readonly referrers: readonly EventId[];
  next: number;
}

/**
 * The common chain without walking it: an event is in it when it, or an event that rests on it, is
 * unconflicted; so the search goes up from the event, along what refers to it, to the first such event.
 * Every event is looked through once a resolution. Worst case: all that rests on the differing events
 * and is no longer state; a room's current state never costs more than the look that ends the search.
 */
export class SearchedCommonChain implements CommonChain {
  readonly #conflict: Conflict;
  readonly #room: ResolutionRoom & AuthGraph;
  readonly #counter: StepCounter;
  /** `false` as soon as an event is visited, so that no circle is walked twice. */
  readonly #known = new Map<EventId, boolean>();

  constructor(conflict: Conflict, room: ResolutionRoom & AuthGraph, counter: StepCounter) {
    this.#conflict = conflict;
    this.#room = room;
    this.#counter = counter;
  }

  *has(eventId: EventId): Steps<boolean> {
    if (this.#counter.pauses()) yield;
    const known = this.#known.get(eventId);
    if (known !== undefined) return known;
    if (this.#isUnconflicted(eventId)) return true;
    return yield* this.#search(eventId);
  }

  *#search(start: EventId): Steps<boolean> {
    const path: Visit[] = [];
    let eventId: EventId | undefined = start;
    while (eventId !== undefined) {
      const visit = yield* this.#visit(eventId);
      if (visit === undefined) {
        for (const above of path) this.#known.set(above.eventId, true);
        return true;
      }
      path.push(visit);
      eventId = this.#nextUnknown(path);
    }
    return false;
  }

  /** Looks through the referrers of an event; `undefined` when one of them says that it is in the chain. */
  *#visit(eventId: EventId): Steps<Visit | undefined> {
    this.#known.set(eventId, false);
    const referrers: EventId[] = [];
    let before = Number.POSITIVE_INFINITY;
    for (;;) {
      const page = this.#room.referrers(eventId, before, REFERRERS_A_PAGE);
      for (const referrer of page) {
        if (this.#counter.pauses()) yield;
        const known = this.#known.get(referrer);
        if (known === true || (known === undefined && this.#isUnconflicted(referrer))) {
          this.#known.set(eventId, true);
          return undefined;
        }
        if (known === undefined) referrers.push(referrer);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < REFERRERS_A_PAGE) break;
      before = this.#room.order(last);
    }
    return { eventId, referrers, next: 0 };
  }

  /** The next event to visit: depth first, leaving what has been looked through. */
  #nextUnknown(path: Visit[]): EventId | undefined {
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const referrer = visit.referrers[visit.next];
      visit.next += 1;
      if (referrer === undefined) path.pop();
      else if (!this.#known.has(referrer)) return referrer;
    }
    return undefined;
  }

  #isUnconflicted(eventId: EventId): boolean {
    const event = this.#room.event(eventId);
    if (event?.stateKey === undefined) return false;
    return this.#conflict.unconflicted(event.type, event.stateKey) === eventId;
  }
}
