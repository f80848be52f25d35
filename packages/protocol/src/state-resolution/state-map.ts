/** State of a room: one value per (event type, state key). Types and keys are any strings, so pairs are not joined into one. */
export class StateMap<V> {
  readonly #byType = new Map<string, Map<string, V>>();
  #size = 0;

  static from<V>(
    entries: Iterable<readonly [type: string, stateKey: string, value: V]>,
  ): StateMap<V> {
    const map = new StateMap<V>();
    for (const [type, stateKey, value] of entries) map.set(type, stateKey, value);
    return map;
  }

  get size(): number {
    return this.#size;
  }

  get(type: string, stateKey: string): V | undefined {
    return this.#byType.get(type)?.get(stateKey);
  }

  has(type: string, stateKey: string): boolean {
    return this.#byType.get(type)?.has(stateKey) ?? false;
  }

  set(type: string, stateKey: string, value: V): void {
    let ofType = this.#byType.get(type);
    if (ofType === undefined) this.#byType.set(type, (ofType = new Map<string, V>()));
    if (!ofType.has(stateKey)) this.#size += 1;
    ofType.set(stateKey, value);
  }

  delete(type: string, stateKey: string): boolean {
    const deleted = this.#byType.get(type)?.delete(stateKey) ?? false;
    if (deleted) this.#size -= 1;
    return deleted;
  }

  /** Entries of one type, by state key. */
  ofType(type: string): ReadonlyMap<string, V> {
    return this.#byType.get(type) ?? new Map<string, V>();
  }

  *[Symbol.iterator](): IterableIterator<readonly [type: string, stateKey: string, value: V]> {
    for (const [type, ofType] of this.#byType) {
      for (const [stateKey, value] of ofType) yield [type, stateKey, value];
    }
  }

  clone(): StateMap<V> {
    return StateMap.from(this);
  }
}
