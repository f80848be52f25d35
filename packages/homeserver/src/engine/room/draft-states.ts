import type { EventId } from '@hansa/protocol';
import { findStateEvents } from '@hansa/storage';
import type {
  StateKey,
  StateReader,
  StateRef,
  StateRow,
  StateSource,
  StateTimeline,
} from '@hansa/storage';
import { KnownKeys } from './known-keys.ts';

interface DraftTimeline {
  readonly timeline: number;
  readonly parent: StateRef | undefined;
  readonly depth: number;
  /** Its newest row in the store; undefined where the timeline is new. */
  readonly storedHead: number | undefined;
  /** Rows that are not committed, ascending. */
  readonly rows: StateRow[];
}

type StoredStates = Pick<StateReader, keyof StateSource | 'findLowest'>;

/** Stored timelines with the rows that a draft adds: what its decisions read states from. */
export class DraftStates implements StateSource {
  readonly #stored: StoredStates;
  readonly #known: KnownKeys;
  readonly #timelines = new Map<number, DraftTimeline>();

  constructor(stored: StoredStates, known = new KnownKeys()) {
    this.#stored = stored;
    this.#known = known;
  }

  /** The event at each key, in order; undefined where the state has none. */
  findEvents(ref: StateRef, keys: readonly StateKey[]): Promise<readonly (EventId | undefined)[]> {
    return this.#known.find(ref, keys, (missing) => findStateEvents(this, ref, missing));
  }

  async getTimeline(timeline: number): Promise<StateTimeline> {
    const { parent, depth, storedHead, rows } = await this.#load(timeline);
    // Floor rows lie below the first that is appended.
    const head = Math.max(0, rows.at(-1)?.at ?? storedHead ?? 0);
    return { timeline, parent, depth, head };
  }

  async listRows(timeline: number, above: number, upTo: number): Promise<readonly StateRow[]> {
    const { storedHead, rows } = await this.#load(timeline);
    const stored =
      storedHead === undefined ? [] : await this.#stored.listRows(timeline, above, upTo);
    return [...stored, ...rows.filter(({ at }) => at > above && at <= upTo)];
  }

  async findLastRows(
    timeline: number,
    upTo: number,
    keys: readonly StateKey[],
  ): Promise<readonly (StateRow | undefined)[]> {
    const { storedHead, rows } = await this.#load(timeline);
    const found = keys.map(([type, stateKey]) =>
      rows.findLast((row) => row.at <= upTo && row.type === type && row.stateKey === stateKey),
    );
    if (storedHead === undefined) return found;
    const missing = keys.filter((_, n) => found[n] === undefined);
    const stored = (await this.#stored.findLastRows(timeline, upTo, missing)).values();
    return found.map((row) => row ?? stored.next().value);
  }

  async listLastRows(timeline: number, upTo: number, type?: string): Promise<readonly StateRow[]> {
    const { storedHead, rows } = await this.#load(timeline);
    const stored =
      storedHead === undefined ? [] : await this.#stored.listLastRows(timeline, upTo, type);
    // Later rows of a key come later, so who replays the list ends with the last.
    return [
      ...stored,
      ...rows.filter((row) => row.at <= upTo && (type === undefined || row.type === type)),
    ];
  }

  /** History that is put before a segment is sealed into a commit of its own, so it is stored or not there. */
  async findLowest(timeline: number): Promise<number> {
    const { storedHead } = await this.#load(timeline);
    return storedHead === undefined ? 0 : this.#stored.findLowest(timeline);
  }

  open(timeline: number, parent: StateRef | undefined, depth: number): void {
    this.#timelines.set(timeline, { timeline, parent, depth, storedHead: undefined, rows: [] });
  }

  /** The timeline must have been read or opened before. */
  append(timeline: number, row: StateRow): void {
    const known = this.#timelines.get(timeline);
    if (known === undefined) throw new Error(`timeline ${timeline} was not read`);
    known.rows.push(row);
    this.#known.forget(timeline, row.at);
  }

  async #load(timeline: number): Promise<DraftTimeline> {
    const known = this.#timelines.get(timeline);
    if (known !== undefined) return known;
    const { parent, depth, head } = await this.#stored.getTimeline(timeline);
    const meanwhile = this.#timelines.get(timeline);
    if (meanwhile !== undefined) return meanwhile;
    const loaded: DraftTimeline = { timeline, parent, depth, storedHead: head, rows: [] };
    this.#timelines.set(timeline, loaded);
    return loaded;
  }
}
