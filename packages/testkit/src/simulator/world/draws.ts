import { createHash } from 'node:crypto';
import type { Random } from '@hansa/net';
import { pick, seededRandom, shuffled } from '@hansa/protocol/testing/seeded-random';

/** Draws that follow from a name alone. Each part of a simulation has its own, so that one more draw here moves nothing there. */
export class Draws implements Random {
  readonly #name: string;
  readonly #next: () => number;

  constructor(name: string) {
    this.#name = name;
    this.#next = seededRandom(createHash('sha256').update(name).digest().readUInt32LE());
  }

  of(part: string): Draws {
    return new Draws(`${this.#name}/${part}`);
  }

  fraction(): number {
    return this.#next();
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** A whole number from 0 on. */
  below(end: number): number {
    return Math.floor(this.#next() * end);
  }

  /** A whole number; both ends are possible. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return pick(items, this.#next);
  }

  shuffled<T>(items: Iterable<T>): T[] {
    return shuffled(items, this.#next);
  }
}
