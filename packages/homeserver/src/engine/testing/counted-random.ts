import { createHash } from 'node:crypto';
import type { Random } from '@hansa/net';

/** Draws that are the same in every run. */
export class CountedRandom implements Random {
  readonly #seed: string;
  #draws = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  bytes(length: number): Uint8Array {
    this.#draws += 1;
    const digest = createHash('shake256', { outputLength: length });
    return digest.update(`${this.#seed} ${this.#draws}`).digest();
  }

  fraction(): number {
    return (this.bytes(4)[0] ?? 0) / 256;
  }
}
