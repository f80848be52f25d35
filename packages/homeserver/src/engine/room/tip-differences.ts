import type { EventId, StateMap } from '@hansa/protocol';
import { differenceOfStates } from '@hansa/storage';
import type { Change, StateRef, StateSource } from '@hansa/storage';
import { isSameRef, nameOfRef } from './state-ref.ts';

/** Changed keys that are kept for a room; beyond them each state is compared anew. */
const MAX_KEPT = 50_000;

/** A key that holds another event than before. */
export interface RowChange {
  readonly type: string;
  readonly stateKey: string;
  readonly from: EventId | undefined;
  readonly to: EventId | undefined;
}

/**
 * What the states after a room's forward extremities hold that the current state does not: `from` is the current
 * state's, `to` the other one's. It is moved on together with the current state, so that resolving the room's tips
 * again reads no state again. It lives as long as the head it belongs to.
 */
export class TipDifferences {
  #current: StateRef | undefined;
  readonly #kept = new Map<string, StateMap<Change>>();
  #size = 0;

  async of(source: StateSource, current: StateRef, state: StateRef): Promise<StateMap<Change>> {
    this.#begin(current);
    const kept = this.#kept.get(nameOfRef(state));
    if (kept !== undefined) return kept;
    const difference = await differenceOfStates(source, current, state);
    this.#keep(state, difference);
    return difference;
  }

  /** A state follows from one whose difference is kept, by one row. */
  derive(before: StateRef, after: StateRef, row: RowChange): void {
    const kept = this.#kept.get(nameOfRef(before));
    if (kept === undefined || this.#kept.has(nameOfRef(after))) return;
    const difference = kept.clone();
    const { type, stateKey } = row;
    const changed = kept.get(type, stateKey);
    put(difference, { ...row, from: changed === undefined ? row.from : changed.from });
    this.#keep(after, difference);
  }

  /** The current state has moved by these rows. What was kept against another one than `from` says nothing of it. */
  follow(from: StateRef, rows: readonly RowChange[], moved: StateRef): void {
    this.#begin(from);
    this.#current = moved;
    this.#size = 0;
    for (const difference of this.#kept.values()) {
      for (const row of rows) {
        const changed = difference.get(row.type, row.stateKey);
        put(difference, {
          ...row,
          from: row.to,
          to: changed === undefined ? row.from : changed.to,
        });
      }
      this.#size += difference.size;
    }
    if (this.#size > MAX_KEPT) this.#clear();
  }

  /** What is kept of other states is dropped. */
  retain(states: readonly StateRef[]): void {
    const names = new Set(states.map(nameOfRef));
    for (const [name, difference] of this.#kept) {
      if (names.has(name)) continue;
      this.#kept.delete(name);
      this.#size -= difference.size;
    }
  }

  #begin(current: StateRef): void {
    if (this.#current !== undefined && isSameRef(this.#current, current)) return;
    this.#clear();
    this.#current = current;
  }

  #keep(state: StateRef, difference: StateMap<Change>): void {
    if (this.#size + difference.size > MAX_KEPT) return;
    this.#kept.set(nameOfRef(state), difference);
    this.#size += difference.size;
  }

  #clear(): void {
    this.#kept.clear();
    this.#size = 0;
  }
}

function put(difference: StateMap<Change>, { type, stateKey, from, to }: RowChange): void {
  if (from === to) difference.delete(type, stateKey);
  else difference.set(type, stateKey, { from, to });
}
