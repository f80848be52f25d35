/** Durations in milliseconds, and what is told of them. */
export class Latencies {
  readonly #valuesMs: number[] = [];

  add(durationMs: number): void {
    this.#valuesMs.push(durationMs);
  }

  get count(): number {
    return this.#valuesMs.length;
  }

  /** The value that `share` of all do not exceed (nearest rank); 0 where there is none. */
  quantile(share: number): number {
    const sorted = this.#valuesMs.toSorted((one, other) => one - other);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  }

  describe(): string {
    const inWords = (share: number) => `${this.quantile(share).toFixed(1)} ms`;
    return `median ${inWords(0.5)}, p99 ${inWords(0.99)} (${this.count} messages)`;
  }
}
