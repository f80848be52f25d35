import type { HeldEvent } from './held-events.ts';

const FIRST_CAPACITY = 64;

/** A set of held events, in the order of adding. */
export class HeldSet {
  readonly #list: HeldEvent[] = [];
  /** By index: 1 for those that are in the set. */
  #marks = new Uint8Array(FIRST_CAPACITY);

  get list(): readonly HeldEvent[] {
    return this.#list;
  }

  has({ index }: HeldEvent): boolean {
    return this.#marks[index] === 1;
  }

  /** Whether it was not there before. */
  add(held: HeldEvent): boolean {
    const { index } = held;
    if (this.#marks[index] === 1) return false;
    if (index >= this.#marks.length) this.#grow(index + 1);
    this.#marks[index] = 1;
    this.#list.push(held);
    return true;
  }

  /** Adds the events, and puts those that were not there before on a list of what is still to be walked. */
  addTo(open: HeldEvent[], events: readonly HeldEvent[]): void {
    for (const held of events) if (this.add(held)) open.push(held);
  }

  #grow(needed: number): void {
    const marks = new Uint8Array(Math.max(needed, 2 * this.#marks.length));
    marks.set(this.#marks);
    this.#marks = marks;
  }
}
