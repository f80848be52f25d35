import type { CommonChain } from './common-chain.ts';
import type { Conflict } from './conflict.ts';
import type { HeldEvent, HeldEvents } from './held-events.ts';
import { HeldSet } from './held-set.ts';
import type { AuthGraph } from './resolution-input.ts';
import type { StepCounter, Steps } from './steps.ts';

/** Referrers read at once. The newest is mostly enough: what a room rests on now, it refers to now. */
const REFERRERS_A_PAGE = 16;
/** Pages that are read without a chance to pause. */
const PAGES_A_TURN = 4;

/** An event whose referrers are being looked through. */
interface Visit {
  readonly held: HeldEvent;
  /** Referrers about which nothing is known, to be visited one after the other. */
  readonly unknown: HeldEvent[];
  next: number;
  /** Where the next page of referrers begins; `undefined` when all of them were looked at. */
  before: number | undefined;
}

/**
 * The common chain without walking it: an event is in it when it, or an event that rests on it, is
 * unconflicted; so the search goes up from the event, along what refers to it, to the first such event.
 * Every event is looked through once a resolution. Worst case: all that rests on the differing events
 * and is no longer state; a room's current state never costs more than the look that ends the search.
 */
export class SearchedCommonChain implements CommonChain {
  readonly #conflict: Conflict;
  readonly #graph: AuthGraph;
  readonly #events: HeldEvents;
  readonly #counter: StepCounter;
  readonly #inside = new HeldSet();
  /** Visited, and not known to be inside. An event is here as soon as it is visited, so that a circle ends. */
  readonly #visited = new HeldSet();
  /** From the event in question up to the one that is looked through. */
  readonly #path: Visit[] = [];

  constructor(conflict: Conflict, graph: AuthGraph, events: HeldEvents, counter: StepCounter) {
    this.#conflict = conflict;
    this.#graph = graph;
    this.#events = events;
    this.#counter = counter;
  }

  look(held: HeldEvent): boolean | undefined {
    const known = this.#lookAt(held) ?? this.#visit(held);
    return known ?? this.#search();
  }

  *finish(): Steps<boolean> {
    for (;;) {
      const inside = this.#search();
      if (inside !== undefined) return inside;
      if (this.#counter.pauses()) yield;
    }
  }

  /** Goes on for some pages, depth first; `undefined` when it is not at the end. */
  #search(): boolean | undefined {
    let pages = 0;
    for (let visit = this.#path.at(-1); visit !== undefined; visit = this.#path.at(-1)) {
      if (pages === PAGES_A_TURN) return undefined;
      const referrer = visit.unknown[visit.next];
      let inside: boolean | undefined;
      if (referrer !== undefined) {
        visit.next += 1;
        inside = this.#lookAt(referrer) ?? this.#visit(referrer);
      } else if (visit.before !== undefined) inside = this.#lookAtPage(visit, visit.before);
      else this.#path.pop();
      if (inside === true) return this.#found();
      pages += 1;
    }
    return false;
  }

  /** Begins to look through the referrers of an event; `undefined` when it then stands on the path. */
  #visit(held: HeldEvent): boolean | undefined {
    this.#visited.add(held);
    const visit: Visit = { held, unknown: [], next: 0, before: undefined };
    if (this.#lookAtPage(visit, Number.POSITIVE_INFINITY)) return this.#inside.add(held);
    if (visit.unknown.length === 0 && visit.before === undefined) return false;
    this.#path.push(visit);
    return undefined;
  }

  /** Everything on the path is below what was found. */
  #found(): true {
    for (const { held } of this.#path) this.#inside.add(held);
    this.#path.length = 0;
    return true;
  }

  /** Whether a referrer on the page shows that the event is inside. */
  #lookAtPage(visit: Visit, before: number): boolean {
    const page = this.#graph.referrers(visit.held.event.eventId, before, REFERRERS_A_PAGE);
    this.#counter.count(1 + page.length);
    for (const eventId of page) {
      const referrer = this.#events.find(eventId);
      if (referrer === undefined) continue;
      const inside = this.#lookAt(referrer);
      if (inside === true) return true;
      if (inside === undefined) visit.unknown.push(referrer);
    }
    const last = page.length < REFERRERS_A_PAGE ? undefined : page.at(-1);
    visit.before = last === undefined ? undefined : this.#graph.order(last);
    return false;
  }

  /** What is known of an event, or follows from its being unconflicted. */
  #lookAt(held: HeldEvent): boolean | undefined {
    if (this.#inside.has(held)) return true;
    if (this.#visited.has(held)) return false;
    const { type, stateKey, eventId } = held.event;
    if (stateKey === undefined || this.#conflict.conflicted.has(held)) return undefined;
    if (this.#conflict.unconflicted(type, stateKey) !== eventId) return undefined;
    return this.#inside.add(held);
  }
}
