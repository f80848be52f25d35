import type { EventId, Pdu, RoomVersionRules } from '@hansa/protocol';
import type { StoredAuthGraph } from '@hansa/storage';

/** Above every number that the store gives. */
const FIRST_ORDER = 2 ** 52;

interface Drafted {
  readonly pdu: Pdu;
  readonly order: number;
  readonly rejected: boolean;
}

/** What state resolution asks of a room (`ResolutionRoom` and `AuthGraph` of the core). */
export interface RoomAuthGraph {
  readonly rules: RoomVersionRules;
  event(eventId: EventId): Pdu | undefined;
  rejected(eventId: EventId): boolean;
  order(eventId: EventId): number;
  referrers(eventId: EventId, before: number, limit: number): readonly EventId[];
  load: StoredAuthGraph['load'];
  complete: StoredAuthGraph['complete'];
}

/** The auth edges of events that are not committed: they come after all that are. */
export class DraftAuthGraph {
  readonly #drafted = new Map<EventId, Drafted>();
  readonly #referrers = new Map<EventId, Drafted[]>();

  /** An event that is already there, such as an outlier that gets its place, keeps its number. */
  add(pdu: Pdu, rejected: boolean): void {
    const order = this.#drafted.get(pdu.eventId)?.order ?? FIRST_ORDER + this.#drafted.size;
    const drafted = { pdu, order, rejected };
    const isNew = !this.#drafted.has(pdu.eventId);
    this.#drafted.set(pdu.eventId, drafted);
    if (!isNew || pdu.stateKey === undefined) return;
    for (const auth of new Set(pdu.authEvents)) {
      const referrers = this.#referrers.get(auth);
      if (referrers === undefined) this.#referrers.set(auth, [drafted]);
      else referrers.push(drafted);
    }
  }

  async over(rules: RoomVersionRules, loading: Promise<StoredAuthGraph>): Promise<RoomAuthGraph> {
    const stored = await loading;
    const drafted = this.#drafted;
    // Each is looked for in the store as well, as it may have been there before.
    await stored.load([...drafted.keys()]);
    const orderOf = (eventId: EventId): number | undefined =>
      stored.order(eventId) ?? drafted.get(eventId)?.order;
    return {
      rules,
      event: (eventId) => drafted.get(eventId)?.pdu ?? stored.event(eventId),
      rejected: (eventId) => drafted.get(eventId)?.rejected ?? stored.rejected(eventId),
      order(eventId) {
        const order = orderOf(eventId);
        if (order === undefined) throw new Error(`${eventId} has no place in the auth graph`);
        return order;
      },
      referrers: (eventId, before, limit) => {
        const fresh = (this.#referrers.get(eventId) ?? [])
          .filter(({ pdu, order }) => order < before && stored.order(pdu.eventId) === undefined)
          .toReversed()
          .slice(0, limit)
          .map(({ pdu }) => pdu.eventId);
        return [...fresh, ...stored.referrers(eventId, before, limit - fresh.length)];
      },
      load: (eventIds) => stored.load(eventIds),
      complete: (attempt) => stored.complete(attempt),
    };
  }
}
