import type { EventId, Pdu, RoomId, RoomVersionRules } from '@hansa/protocol';
import type { StoredAuthGraph } from '../ports/event-store.ts';
import { ROOM_OF } from '../sql/event-rows.ts';
import { inLists, type InList } from '../sql/in-lists.ts';
import type { PduCache } from '../sql/pdu-cache.ts';
import { bytes, integer, text, type Row, type Rows } from '../sql/rows.ts';

/** Events and references that one graph holds. A resolution that reaches further is given up. */
const MAX_LOADED = 100_000;
/** Events of auth chains that are loaded ahead, the nearest first. */
const MAX_CHAIN = 1_000;
/** Referrers of an event that are loaded ahead, the newest first: what the core asks for at once. */
const REFERRERS_AHEAD = 16;
const HIGHEST = Number.MAX_SAFE_INTEGER;

const selectChains = (places: string): string => `
  WITH RECURSIVE chain (id) AS (
    SELECT id FROM events WHERE room = ${ROOM_OF} AND event_id IN (${places})
    UNION SELECT x.auth FROM chain c JOIN auth_edges x ON x.event = c.id
  )
  SELECT e.id, e.event_id, e.verdict, e.json
  FROM (SELECT id FROM chain LIMIT ${MAX_CHAIN}) c JOIN events e ON e.id = c.id`;

/** Parameters: below which number, how many of each, and the events. */
const selectReferrers = (places: string): string => `
  SELECT a.id AS auth, r.event, e.event_id FROM events a
  CROSS JOIN LATERAL (
    SELECT x.event FROM auth_edges x WHERE x.auth = a.id AND x.event < ? ORDER BY x.event DESC LIMIT ?
  ) r
  JOIN events e ON e.id = r.event WHERE a.id IN (${places}) ORDER BY a.id, r.event DESC`;

/** Where a graph is loaded from. */
export interface AuthGraphSource {
  readonly rows: Rows;
  readonly pdus: PduCache;
  readonly roomId: RoomId;
  readonly rules: RoomVersionRules;
}

/** A look-up of what is not loaded: it ends the attempt, and never leaves `complete`. */
class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
  readonly wanted: () => Promise<void>;

  constructor(wanted: () => Promise<void>) {
    super('a part of the auth graph is not loaded');
    this.wanted = wanted;
  }
}

interface Loaded {
  readonly id: number;
  readonly pdu: Pdu | undefined;
  readonly rejected: boolean;
  /** Newest first. */
  readonly referrers: { readonly id: number; readonly eventId: EventId }[];
  hasAllReferrers: boolean;
}

export async function loadAuthGraph(
  source: AuthGraphSource,
  seeds: readonly EventId[],
): Promise<StoredAuthGraph> {
  const graph = new PostgresAuthGraph(source);
  await graph.load(seeds);
  return graph;
}

/**
 * Reads of PostgreSQL wait, and resolution does not. So what it can reach is loaded ahead: the events that it begins
 * with, what they rest on, and the newest that refer to each of them. It mostly needs no more; where it does, that is
 * loaded and the resolution begins again.
 */
class PostgresAuthGraph implements StoredAuthGraph {
  readonly #source: AuthGraphSource;
  /** `undefined`: looked for, and not stored. */
  readonly #events = new Map<EventId, Loaded | undefined>();
  /** Of each that was seen as a referrer, an event that it refers to. */
  readonly #referredBy = new Map<EventId, Loaded>();
  #loaded = 0;

  constructor(source: AuthGraphSource) {
    this.#source = source;
  }

  event(eventId: EventId): Pdu | undefined {
    return this.#get(eventId)?.pdu;
  }

  rejected(eventId: EventId): boolean {
    return this.#get(eventId)?.rejected ?? false;
  }

  order(eventId: EventId): number | undefined {
    return this.#get(eventId)?.id;
  }

  referrers(eventId: EventId, before: number, limit: number): readonly EventId[] {
    const loaded = this.#get(eventId);
    if (loaded === undefined) return [];
    const found = loaded.referrers.filter(({ id }) => id < before).slice(0, limit);
    if (found.length < limit && !loaded.hasAllReferrers) {
      throw new NotLoaded(() => this.#loadMoreReferrers(loaded));
    }
    return found.map((referrer) => referrer.eventId);
  }

  async load(eventIds: readonly EventId[]): Promise<void> {
    let open = eventIds.filter((eventId) => !this.#events.has(eventId));
    while (open.length > 0) {
      const fresh: Loaded[] = [];
      for (const part of inLists(open)) fresh.push(...(await this.#loadChains(part)));
      for (const id of open) if (!this.#events.has(id)) this.#events.set(id, undefined);
      await this.#loadReferrers(fresh, { before: HIGHEST, limit: REFERRERS_AHEAD });
      // What lies beyond is loaded when it is looked for.
      if (fresh.length >= MAX_CHAIN) return;
      // No edge leads to an event that was stored after the one that names it.
      const named = new Set(fresh.flatMap(({ pdu }) => pdu?.authEvents ?? []));
      open = [...named].filter((eventId) => !this.#events.has(eventId));
    }
  }

  async complete<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error;
        await error.wanted();
      }
    }
  }

  #get(eventId: EventId): Loaded | undefined {
    const loaded = this.#events.get(eventId);
    if (loaded !== undefined || this.#events.has(eventId)) return loaded;
    // Who asks for one of the events that refer to another asks for the next as well.
    const page = this.#referredBy.get(eventId)?.referrers ?? [];
    const neighbours = page.map((each) => each.eventId).filter((id) => !this.#events.has(id));
    throw new NotLoaded(() => this.load([eventId, ...neighbours.slice(0, REFERRERS_AHEAD)]));
  }

  async #loadChains({ places, values }: InList<EventId>): Promise<Loaded[]> {
    const { rows, roomId } = this.#source;
    const chains = await rows.all(selectChains(places), [roomId, ...values]);
    return chains.flatMap((row) => this.#add(row) ?? []);
  }

  #add(row: Row): Loaded | undefined {
    const eventId = text(row, 'event_id') as EventId;
    if (this.#events.get(eventId) !== undefined) return undefined;
    const { pdus, roomId, rules } = this.#source;
    const added: Loaded = {
      id: integer(row, 'id'),
      pdu: pdus.read(roomId, eventId, rules.id, bytes(row, 'json')),
      rejected: text(row, 'verdict') === 'rejected',
      referrers: [],
      hasAllReferrers: false,
    };
    this.#events.set(eventId, added);
    this.#count();
    return added;
  }

  async #loadReferrers(events: readonly Loaded[], page: ReferrerPage): Promise<void> {
    const byId = new Map(events.map((event) => [event.id, event]));
    const counts = new Map(events.map((event) => [event, event.referrers.length]));
    for (const { places, values } of inLists([...byId.keys()])) {
      const parameters = [page.before, page.limit, ...values];
      for (const row of await this.#source.rows.all(selectReferrers(places), parameters)) {
        const event = byId.get(integer(row, 'auth'));
        const eventId = text(row, 'event_id') as EventId;
        if (event === undefined) continue;
        event.referrers.push({ id: integer(row, 'event'), eventId });
        this.#referredBy.set(eventId, event);
        this.#count();
      }
    }
    for (const [event, before] of counts) {
      event.hasAllReferrers = event.referrers.length - before < page.limit;
    }
  }

  /** As many again as there are, so that not every page is waited for. */
  #loadMoreReferrers(event: Loaded): Promise<void> {
    const before = event.referrers.at(-1)?.id ?? HIGHEST;
    const limit = Math.max(REFERRERS_AHEAD, event.referrers.length);
    return this.#loadReferrers([event], { before, limit });
  }

  #count(): void {
    this.#loaded += 1;
    if (this.#loaded > MAX_LOADED) {
      throw new RangeError(`a resolution in ${this.#source.roomId} reaches ${MAX_LOADED} events`);
    }
  }
}

interface ReferrerPage {
  readonly before: number;
  readonly limit: number;
}
